// See bandwidth.h.
#include "bandwidth.h"

#include <algorithm>
#include <cstddef>

namespace reeld::libav {
namespace {

std::int64_t bitsPerSecond(std::uint64_t bytes, std::int64_t duration_us) {
  if (duration_us <= 0) {
    return 0;
  }
  const auto duration = static_cast<std::uint64_t>(duration_us);
  return static_cast<std::int64_t>((bytes * 8 * 1'000'000 + duration - 1) / duration);
}

}  // namespace

Bandwidth measureBandwidth(std::span<const SegmentSize> segments, std::int64_t target_us) {
  Bandwidth found;
  SegmentSize total;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const SegmentSize& segment = segments[i];
    const bool short_last =
        i > 0 && i + 1 == segments.size() && segment.duration_us < target_us / 2;
    if (!short_last) {
      found.peak = std::max(found.peak, bitsPerSecond(segment.bytes, segment.duration_us));
    }
    total.bytes += segment.bytes;
    total.duration_us += segment.duration_us;
  }
  found.average = bitsPerSecond(total.bytes, total.duration_us);
  found.peak = std::max(found.peak, found.average);
  return found;
}

}  // namespace reeld::libav
