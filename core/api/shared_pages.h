// Pages of a list that read the same for every VIEWER, remembered for half a second: the front page
// of a site is asked for more than anything else, and costs neither a query nor a change of thread
// then. Who changes something here sees it in the very next answer: forget() is called between the
// commit and his answer (db::News::Catalog). Changes by other daemons show within half a second.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "http/exchange.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reeld::api {

class SharedPages {
 public:
  static constexpr std::int64_t FreshMs = 500;

  explicit SharedPages(const Clock& clock) : clock_(clock) {}

  /// [hot], any thread. The answer to this query string; nothing = make it.
  std::optional<http::Response> find(std::string_view query) const;

  /// Taken before the catalogue is read: a change that commits after it voids the page.
  struct Moment {
    std::uint64_t epoch = 0;
    std::int64_t at = 0;  ///< monotonic
  };
  Moment now() const noexcept { return {epoch_, clock_.monotonicMs()}; }

  /// Remembers the page, of which the body must be a text, and gives it back to be sent. Any
  /// thread.
  http::Response keep(std::string_view query, Moment read_at, http::Response page);

  /// What was read before is not used any more. Any thread.
  void forget() noexcept { ++epoch_; }

 private:
  struct Page {
    http::Response response;  ///< its body a SharedText
    Moment read_at;
  };
  using Pages = std::unordered_map<std::string, Page>;  ///< by query string
  static constexpr std::size_t MostPages = 64;
  static constexpr std::size_t LongestQuery = 256;
  static constexpr std::size_t LargestPage = 256 * 1024;

  bool isFresh(const Moment& read_at) const noexcept;

  const Clock& clock_;
  std::atomic<std::uint64_t> epoch_{0};
  Guarded<Pages> pages_;
};

}  // namespace reeld::api
