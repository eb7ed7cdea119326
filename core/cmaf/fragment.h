// One segment of a CMAF track: a fragment (ISO/IEC 14496-12, 8.8) of the samples of one stored
// segment, at its place on the title's time line. Pure.
#pragma once
#include "cmaf/ts_samples.h"

#include <cstdint>
#include <string>

namespace reeld::cmaf {

/// Where a segment lies on the title's grid.
struct PictureSpan {
  std::int64_t number = 0;  ///< of the segment
  std::int64_t first_frame = 0;
  std::int64_t fps_num = 0;
  std::int64_t fps_den = 1;
};

/// In a time scale of fps_num a frame lasts fps_den. Throws Error CORRUPT if the pictures are not
/// those of the span.
std::string pictureFragment(const PictureSpan& span, const TsSamples& samples);

/// In 48 kHz samples. What comes before the title's start (the encoder's priming) is left out, and
/// what is more than `most` packets: the last segment of some titles holds sound beyond their end.
std::string soundFragment(std::int64_t number, const TsSamples& samples, std::size_t most);

}  // namespace reeld::cmaf
