// Who may charge: so many at once, and a line before them. Each holds a thread of the daemon, so
// while the provider is slow the line is short and whoever comes to its end is sent away at once;
// while it is quick, a crowd of buyers waits its turn.
#pragma once
#include "db/fifo_slots.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace reeld::plugin::adapters {

class ChargeLine {
 public:
  /// `longest` is how long who stands in the short line waits.
  ChargeLine(int places, std::chrono::milliseconds longest)
      : places_(places), longest_(longest), slots_(places) {}

  /// A place, if there was one in time.
  class Turn {
   public:
    explicit Turn(ChargeLine& line) : line_(line), came_(line.enter()) {}
    ~Turn() {
      if (came_) {
        line_.slots_.release();
      }
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    bool came() const noexcept { return came_; }

   private:
    ChargeLine& line_;
    const bool came_;
  };

  /// Whoever came now would be sent away.
  bool isFull() const;

 private:
  bool enter();

  const int places_;
  const std::chrono::milliseconds longest_;
  db::FifoSlots slots_;
  std::atomic<std::int64_t> last_turn_ms_ = 0;  ///< of a clock that only goes on
};

}  // namespace reeld::plugin::adapters
