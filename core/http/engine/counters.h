// What one loop counts: written by that loop alone, read by whoever scrapes. A plain add on the hot
// path, no locked instruction.
#pragma once
#include <atomic>
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

struct alignas(64) LoopCounters {
  Tally ticks;       ///< turns of the loop; stands still only if the loop is stuck
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
