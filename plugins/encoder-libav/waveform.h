// The picture of a title that has none: its sound as a waveform.
#pragma once
#include "libav.h"

#include <span>

namespace reeld::libav {

/// peaks: 0 to 1, over the whole title. A frame in 8-bit planar YUV.
FramePtr drawWaveform(std::span<const float> peaks, int width, int height);

}  // namespace reeld::libav
