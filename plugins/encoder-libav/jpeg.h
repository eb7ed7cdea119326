// A frame as a JPEG file, in the colours it is displayed with.
#pragma once
#include "libav.h"

#include <cstdint>
#include <vector>

namespace reeld::libav {

/// frame: any pixel format swscale reads. Its longer sides are scaled down to fit the box; never
/// up.
std::vector<std::uint8_t> encodeJpeg(const AVFrame& frame, int most_width, int most_height);

}  // namespace reeld::libav
