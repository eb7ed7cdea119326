// The interceptor chain of one route, compiled at start and at reload: an onion, as one array per
// phase. Who is not concerned by a route, or has no function for a phase, costs nothing there.
#pragma once
#include "http/interceptor.h"

#include <cstddef>
#include <span>
#include <vector>

namespace reeld::http {

/// An interceptor's place in the configured order.
struct ChainPlace {
  Interceptor* interceptor = nullptr;
  RouteGroups groups = AllRouteGroups;  ///< on routes of these alone
};

class Chain {
 public:
  Chain() = default;
  /// `ordered` is outermost first; the interceptors outlive the chain. No route stands for "no
  /// route matched". Throws Error INVALID for one that asks for too much scratch.
  Chain(std::span<const ChainPlace> ordered, const Route* route);

  struct Link {
    Interceptor* interceptor;
    std::size_t place;  ///< counted from outside
    std::size_t scratch_at;
    std::size_t scratch_size;
  };
  std::span<const Link> requests() const noexcept { return requests_; }
  std::span<const Link> responses() const noexcept { return responses_; }
  std::span<const Link> completions() const noexcept { return completions_; }  ///< inside-out
  /// Everybody who is concerned, outermost first.
  const std::vector<Interceptor*>& members() const noexcept { return members_; }
  std::size_t scratchSize() const noexcept { return scratch_size_; }

 private:
  std::vector<Interceptor*> members_;
  std::vector<Link> requests_;
  std::vector<Link> responses_;
  std::vector<Link> completions_;
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
  /// Inside-out over the same, once; later calls do nothing.
  void complete(Interception& interception) noexcept;
  /// One of them answered, so no handler did.
  bool isRefused() const noexcept { return is_refused_; }
  /// Of the link that is running now.
  std::span<std::byte> scratch() noexcept;

 private:
  const Chain* chain_ = nullptr;
  std::size_t depth_ = 0;  ///< places whose turn came
  bool is_refused_ = false;
  const Chain::Link* current_ = nullptr;
  std::vector<std::byte> scratch_;
};

}  // namespace reeld::http
