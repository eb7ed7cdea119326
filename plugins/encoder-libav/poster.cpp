// See poster.h.
#include "poster.h"

#include <algorithm>
#include <cmath>

namespace reeld::libav {
namespace {

constexpr double DarkBelow = 40;
constexpr double BrightAbove = 225;
constexpr double FlatBelow = 18;
// Titles and fades fill the first seconds; a minute without a lively frame has none worth waiting
// for.
constexpr double LookFromSeconds = 3;
constexpr double LookUntilSeconds = 60;
constexpr double LookEverySeconds = 0.5;

}  // namespace

Liveliness measureLiveliness(const AVFrame& frame) {
  constexpr int Step = 4;
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (int y = 0; y < frame.height; y += Step) {
    const std::uint8_t* line = frame.data[0] + std::int64_t{y} * frame.linesize[0];
    for (int x = 0; x < frame.width; x += Step) {
      const double luma = line[x];
      sum += luma;
      squares += luma * luma;
      count += 1;
    }
  }
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

bool Poster::consider(const AVFrame& frame, SlotRun run) {
  if (settled_ || run.first + run.count <= next_look_) {
    return settled_;
  }
  const double fps = av_q2d(fps_);
  next_look_ = run.first + std::max<std::int64_t>(1, std::llround(fps * LookEverySeconds));
  const double seconds = static_cast<double>(run.first) / fps;
  const Liveliness seen = measureLiveliness(frame);
  const bool lively =
      seen.brightness >= DarkBelow && seen.brightness <= BrightAbove && seen.contrast >= FlatBelow;
  // A lively frame beats a dull one, a later one among the first seconds beats an earlier one.
  const double worth = seen.contrast + (lively ? 1000 + seconds : 0);
  if (worth > best_contrast_) {
    best_contrast_ = worth;
    best_ = shareFrame(frame);
  }
  settled_ = (lively && seconds >= LookFromSeconds) || seconds >= LookUntilSeconds;
  return settled_;
}

}  // namespace reeld::libav
