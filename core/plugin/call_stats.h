// What an instance's calls came to: number, failures, and how long they took. [hot]: atomics only.
#pragma once
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace reeld::plugin {

class CallStats {
 public:
  void record(std::uint64_t microseconds, bool failed) noexcept {
    calls_.fetch_add(1, std::memory_order_relaxed);
    errors_.fetch_add(failed ? 1 : 0, std::memory_order_relaxed);
    buckets_[static_cast<std::size_t>(std::bit_width(microseconds | 1)) - 1].fetch_add(
        1, std::memory_order_relaxed);
  }
  /// A call that is not timed and cannot fail.
  void countHot() noexcept { hot_calls_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t calls() const noexcept {
    return timedCalls() + hot_calls_.load(std::memory_order_relaxed);
  }
  std::uint64_t errors() const noexcept { return errors_.load(std::memory_order_relaxed); }

  /// 99 of 100 timed calls took at most this long; the upper end of a power of two. 0 without any.
  std::uint64_t p99Microseconds() const noexcept {
    std::uint64_t left = timedCalls() / 100;  // this many may be slower
    for (std::size_t i = buckets_.size(); i-- > 0;) {
      const std::uint64_t count = buckets_[i].load(std::memory_order_relaxed);
      if (count > left) {
        return i >= 63 ? UINT64_MAX : std::uint64_t{2} << i;
      }
      left -= count;
    }
    return 0;
  }

 private:
  std::uint64_t timedCalls() const noexcept { return calls_.load(std::memory_order_relaxed); }
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> hot_calls_{0};
  std::atomic<std::uint64_t> errors_{0};
  std::array<std::atomic<std::uint64_t>, 64> buckets_{};  // by the highest bit of microseconds
};

}  // namespace reeld::plugin
