// BANDWIDTH and AVERAGE-BANDWIDTH of a rendition from the bytes its segments really have
// (RFC 8216, 4.3.4.2). Pure.
#pragma once
#include <cstdint>
#include <span>

namespace reeld::libav {

struct SegmentSize {
  std::uint64_t bytes = 0;
  std::int64_t duration_us = 0;
};

struct Bandwidth {
  std::int64_t peak = 0;     ///< bits per second of the heaviest segment
  std::int64_t average = 0;  ///< bits per second of all of them
};

/// A last segment shorter than half the target would claim a peak that no player has to sustain; it
/// does not count, unless it is the only one.
Bandwidth measureBandwidth(std::span<const SegmentSize> segments, std::int64_t target_us);

}  // namespace reeld::libav
