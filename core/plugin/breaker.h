// Counts calls that came back after their deadline. A thread cannot be taken out of a plugin, so a
// plugin that is late again and again is not called any more until it says it is well.
#pragma once
#include <atomic>

namespace reeld::plugin {

class Breaker {
 public:
  /// Opens at `limit` late calls in a row.
  explicit Breaker(int limit) noexcept : limit_(limit) {}

  /// Any thread. True for the one call that opens it.
  bool record(bool late) noexcept {
    if (!late) {
      in_a_row_.store(0, std::memory_order_relaxed);
      return false;
    }
    return in_a_row_.fetch_add(1, std::memory_order_relaxed) + 1 == limit_;
  }
  void reset() noexcept { in_a_row_.store(0, std::memory_order_relaxed); }

 private:
  const int limit_;
  std::atomic<int> in_a_row_{0};
};

}  // namespace reeld::plugin
