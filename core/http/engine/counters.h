// What one loop counts: written by that loop alone, read by whoever scrapes. A plain add on the hot
// path, no locked instruction.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace reeld::http::engine {

class Tally {
 public:
  void add(std::uint64_t delta) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + delta, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t delta) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) - delta, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// How long the loop was away from epoll_wait, turn by turn: what an event may have to wait at the
/// worst. It is time on the wall, so waiting for a lock or a disk is seen, and so is a processor
/// that others had.
class TurnTimes {
 public:
  /// Upper bounds in microseconds, the last bucket without end.
  static constexpr std::array<std::int64_t, 7> BoundsUs = {1'000,  2'500,   5'000,    7'500,
                                                           25'000, 100'000, 1'000'000};

  void count(std::int64_t microseconds) noexcept {
    std::size_t bucket = 0;
    while (bucket < BoundsUs.size() && microseconds > BoundsUs[bucket]) {
      ++bucket;
    }
    buckets_[bucket].add(1);
    microseconds_.add(static_cast<std::uint64_t>(microseconds));
  }
  const std::array<Tally, BoundsUs.size() + 1>& buckets() const noexcept { return buckets_; }
  std::uint64_t microseconds() const noexcept { return microseconds_.value(); }

 private:
  std::array<Tally, BoundsUs.size() + 1> buckets_;
  Tally microseconds_;
};

struct alignas(64) LoopCounters {
  Tally ticks;  ///< turns of the loop; stands still only if the loop is stuck
  TurnTimes turns;
  Tally accepted;    ///< connections
  Tally open;        ///< connections now
  Tally active;      ///< calls now
  Tally uploads;     ///< open uploads now
  Tally overloaded;  ///< connections turned away: too many in all
  Tally capped;      ///< connections turned away: too many from one address
  Tally no_fd;       ///< connections turned away: out of descriptors
  Tally busy;        ///< calls turned away: a lane's queue was full
  Tally timeouts;    ///< connections ended by a deadline other than idle
  Tally bytes_in;
  Tally bytes_out;
};

}  // namespace reeld::http::engine
