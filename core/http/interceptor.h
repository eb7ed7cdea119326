// The port of interceptors: what runs around every handler, in the configured order.
// Implementations are the adapters over plugin tables. Every function is hot: it may run on an
// event loop, so it neither allocates, nor locks, nor waits, nor throws.
#pragma once
#include "base/clock.h"
#include "http/exchange.h"
#include "http/route.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace reeld::http {

/// What an interceptor sees of one exchange. Texts live until onComplete() returns.
class Interception {
 public:
  virtual ~Interception() = default;
  virtual const Exchange& exchange() const noexcept = 0;
  virtual std::string_view methodText() const noexcept = 0;
  /// The concrete path; secret parameters, and what is too long to be any other, replaced by "…".
  virtual std::string_view endpoint() const noexcept = 0;
  virtual std::string_view userId() const noexcept = 0;  ///< decimal; "" without a good credential
  virtual RouteGroup group() const noexcept = 0;
  virtual int status() const noexcept = 0;  ///< 0 before the response
  /// An interceptor answered; the handler never saw it.
  virtual bool isRefused() const noexcept = 0;
  virtual std::uint64_t bytesIn() const noexcept = 0;
  virtual std::uint64_t bytesOut() const noexcept = 0;
  virtual EpochMs startedMs() const noexcept = 0;
  virtual std::int64_t startedUs() const noexcept = 0;  ///< CLOCK_MONOTONIC, of the whole head
  virtual std::int64_t elapsedUs() const noexcept = 0;
  /// This interceptor's own bytes for this exchange, zero at first.
  virtual std::span<std::byte> scratch() noexcept = 0;
  /// In onRequest, before it returns Responded: the refusal. `problem` is a word such as
  /// "rate-limited".
  virtual void respond(int status, std::string_view problem,
                       std::uint32_t retry_after_ms) noexcept = 0;
  /// In onRequest and onResponse: a header of the answer, copied, in place of any other of that
  /// name. What may not be set, and what finds no room, is left out.
  virtual void setHeader(std::string_view name, std::string_view value) noexcept = 0;
};

enum class Verdict { Continue, Responded };

class Interceptor {
 public:
  static constexpr std::size_t MaxScratch = 256;

  virtual ~Interceptor() = default;
  virtual std::string_view name() const noexcept = 0;
  virtual std::size_t scratchSize() const noexcept { return 0; }
  struct Phases {
    bool request = true;
    bool response = true;
    bool complete = true;
  };
  /// The functions below that do something.
  virtual Phases phases() const noexcept { return {}; }
  /// Asked once per route when the chain is compiled; nullptr stands for "no route matched".
  virtual bool covers(const Route*) const noexcept { return true; }

  virtual Verdict onRequest(Interception&) noexcept { return Verdict::Continue; }
  virtual void onResponse(Interception&) noexcept {}
  /// Exactly once for each interceptor whose turn came in onRequest, in reverse order.
  virtual void onComplete(Interception&) noexcept {}
};

}  // namespace reeld::http
