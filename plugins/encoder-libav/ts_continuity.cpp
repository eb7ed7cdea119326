// See ts_continuity.h (ISO/IEC 13818-1, 2.4.3.3).
#include "ts_continuity.h"

#include <reeld/plugin.hpp>

#include <cstddef>

namespace reeld::libav {

void TsContinuity::carryOn(std::span<std::uint8_t> segment) {
  constexpr std::size_t PacketBytes = 188;
  if (segment.size() % PacketBytes != 0) {
    throw sdk::Failure(REELD_INTERNAL, "a segment does not end with a whole transport packet");
  }
  for (std::size_t at = 0; at < segment.size(); at += PacketBytes) {
    if (segment[at] != 0x47) {
      throw sdk::Failure(REELD_INTERNAL, "a segment is out of step with its transport packets");
    }
    const unsigned pid = (segment[at + 1] & 0x1fU) << 8U | segment[at + 2];
    const bool has_payload = (segment[at + 3] & 0x10U) != 0;
    unsigned& next = next_[pid];
    // Packets without payload repeat the counter of the one before.
    const unsigned counter = has_payload ? next : (next + 15) % 16;
    segment[at + 3] = static_cast<std::uint8_t>((segment[at + 3] & 0xf0U) | counter);
    next = (counter + 1) % 16;
  }
}

}  // namespace reeld::libav
