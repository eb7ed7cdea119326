// A frame as a JPEG file, in the colours it is displayed with.
#pragma once
#include "libav.h"

#include <cstdint>
#include <vector>

namespace reeld::libav {

/// frame: any pixel format swscale reads. Its longer sides are scaled down to fit the box; never
/// up.
std::vector<std::uint8_t> encodeJpeg(const AVFrame& frame, int most_width, int most_height);

/// A frame in the colours of a JPEG, black.
FramePtr blankJpegFrame(int width, int height);
/// The frame of that size in those colours.
FramePtr toJpegFrame(const AVFrame& frame, int width, int height);
/// Of a frame in those colours, however it came by them.
std::vector<std::uint8_t> packJpeg(AVFrame& frame);

}  // namespace reeld::libav
