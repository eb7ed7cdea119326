// See waveform.h.
#include "waveform.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace reeld::libav {
namespace {

constexpr std::uint8_t Background = 28;
constexpr std::uint8_t Line = 180;
// A cool blue in limited-range BT.601; the background stays nearly grey.
constexpr std::uint8_t BlueDifference = 150;
constexpr std::uint8_t RedDifference = 118;
constexpr int BarWidth = 8;
constexpr int BarGap = 4;

float loudest(std::span<const float> peaks, int bar, int bars) {
  const std::size_t from =
      peaks.size() * static_cast<std::size_t>(bar) / static_cast<std::size_t>(bars);
  const std::size_t to =
      peaks.size() * static_cast<std::size_t>(bar + 1) / static_cast<std::size_t>(bars);
  float peak = from < peaks.size() ? peaks[from] : 0.0F;
  for (std::size_t i = from; i < to; ++i) {
    peak = std::max(peak, peaks[i]);
  }
  return peak;
}

}  // namespace

FramePtr drawWaveform(std::span<const float> peaks, int width, int height) {
  FramePtr frame = newFrame();
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = width;
  frame->height = height;
  frame->color_range = AVCOL_RANGE_MPEG;
  frame->colorspace = AVCOL_SPC_SMPTE170M;
  check(av_frame_get_buffer(frame.get(), 0), "drawing a waveform");
  for (int y = 0; y < height; ++y) {
    std::memset(frame->data[0] + std::int64_t{y} * frame->linesize[0], Background,
                static_cast<std::size_t>(width));
  }
  for (int y = 0; y < (height + 1) / 2; ++y) {
    std::memset(frame->data[1] + std::int64_t{y} * frame->linesize[1], BlueDifference,
                static_cast<std::size_t>((width + 1) / 2));
    std::memset(frame->data[2] + std::int64_t{y} * frame->linesize[2], RedDifference,
                static_cast<std::size_t>((width + 1) / 2));
  }
  const int bars = width / (BarWidth + BarGap);
  for (int bar = 0; bar < bars; ++bar) {
    // The square root lifts quiet passages; even silence leaves a line.
    const float level = std::sqrt(loudest(peaks, bar, bars));
    const int half =
        std::max(2, static_cast<int>(std::lround(level * static_cast<float>(height) * 0.4F)));
    for (int y = height / 2 - half; y < height / 2 + half; ++y) {
      std::memset(frame->data[0] + std::int64_t{y} * frame->linesize[0] + bar * (BarWidth + BarGap),
                  Line, BarWidth);
    }
  }
  return frame;
}

}  // namespace reeld::libav
