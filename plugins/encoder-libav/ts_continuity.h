// Continuity counters across segments. Every segment is made by a multiplexer of its own that
// starts counting at zero; read one after the other, that looks like lost packets at each boundary.
// Pure.
#pragma once
#include <cstdint>
#include <map>
#include <span>

namespace reeld::libav {

class TsContinuity {
 public:
  /// Renumbers the packets of the next segment so that each PID counts on. Throws INTERNAL if this
  /// is no sequence of whole transport packets.
  void carryOn(std::span<std::uint8_t> segment);

 private:
  std::map<unsigned, unsigned> next_;  ///< by PID
};

}  // namespace reeld::libav
