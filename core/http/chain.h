// The interceptor chain of one route, compiled at start: an onion. Who is not concerned costs
// nothing.
#pragma once
#include "http/interceptor.h"

#include <cstddef>
#include <span>
#include <vector>

namespace reeld::http {

class Chain {
 public:
  Chain() = default;
  /// `ordered` is outermost first; they outlive the chain.
  Chain(std::span<Interceptor* const> ordered, const Route* route);

  struct Link {
    Interceptor* interceptor;
    std::size_t scratch_at;
    std::size_t scratch_size;
  };
  std::span<const Link> links() const noexcept { return links_; }
  std::size_t scratchSize() const noexcept { return scratch_size_; }
  bool empty() const noexcept { return links_.empty(); }

 private:
  std::vector<Link> links_;
  std::size_t scratch_size_ = 0;
};

/// One exchange's way through its chain: how deep it got, and each link's scratch bytes.
class ChainRun {
 public:
  void begin(const Chain& chain);
  /// Outside-in, until one answers. False: it did, through Interception::respond().
  bool request(Interception& interception) noexcept;
  /// Outside-in over those whose turn came, before the first byte of the answer.
  void response(Interception& interception) noexcept;
  /// Inside-out, once; later calls do nothing.
  void complete(Interception& interception) noexcept;
  /// Of the link that is running now.
  std::span<std::byte> scratch() noexcept;

 private:
  const Chain* chain_ = nullptr;
  std::size_t depth_ = 0;  ///< links whose turn came
  std::size_t current_ = 0;
  std::vector<std::byte> scratch_;
};

}  // namespace reeld::http
