// See frame_rate.h.
#include "frame_rate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace reeld::libav {
namespace {

constexpr AVRational Standard[] = {{5, 1},  {15, 2},       {8, 1},        {10, 1}, {12, 1},
                                   {25, 2}, {15, 1},       {18, 1},       {20, 1}, {24000, 1001},
                                   {24, 1}, {25, 1},       {30000, 1001}, {30, 1}, {48, 1},
                                   {50, 1}, {60000, 1001}, {60, 1}};
constexpr double Fastest = 60.06;
constexpr double Slowest = 4.95;

double ratioTo(double fps, AVRational candidate) {
  return std::abs(std::log(fps / av_q2d(candidate)));
}

AVRational nearestStandard(double fps) {
  return *std::min_element(
      std::begin(Standard), std::end(Standard),
      [&](AVRational a, AVRational b) { return ratioTo(fps, a) < ratioTo(fps, b); });
}

std::vector<std::int64_t> stepsOf(std::vector<std::int64_t>& times) {
  std::sort(times.begin(), times.end());
  std::vector<std::int64_t> steps;
  steps.reserve(times.size());
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] > times[i - 1]) {
      steps.push_back(times[i] - times[i - 1]);
    }
  }
  return steps;
}

std::int64_t medianOf(std::vector<std::int64_t> steps) {
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

// The median alone is too coarse: 23.976 fps in whole milliseconds has a median of 42 ms, which
// is 23.8.
// Near is a quarter of it, or one tick where the ticks themselves are that coarse.
double meanNearMedian(const std::vector<std::int64_t>& steps, std::int64_t median) {
  const std::int64_t near = std::max<std::int64_t>(median / 4, 1);
  double sum = 0;
  double count = 0;
  for (const std::int64_t step : steps) {
    if (std::abs(step - median) <= near) {
      sum += static_cast<double>(step);
      count += 1;
    }
  }
  return sum / count;
}

bool isVariable(const std::vector<std::int64_t>& steps, double mean) {
  const double tolerance = std::max(mean * 0.1, 1.5);
  const auto odd = std::count_if(steps.begin(), steps.end(), [&](std::int64_t step) {
    return std::abs(static_cast<double>(step) - mean) > tolerance;
  });
  return static_cast<std::size_t>(odd) * 100 > steps.size();
}

}  // namespace

AVRational snapFrameRate(double fps, bool variable) {
  if (!(fps > 0.001 && fps < 100000)) {
    return {25, 1};
  }
  if (fps > Fastest) {
    variable = true;  // what is thinned out has no rate of its own to keep
    fps /= std::ceil(fps / Fastest);
  } else if (fps < Slowest) {
    fps *= std::ceil(5.0 / fps - 0.05);
  }
  const AVRational standard = nearestStandard(fps);
  if (variable || ratioTo(fps, standard) < 0.004) {
    return standard;
  }
  // A steady rate that is not in the list is kept: frames in equal frames out.
  const AVRational quarter = av_make_q(static_cast<int>(std::lround(fps * 4)), 4);
  AVRational steady = ratioTo(fps, quarter) < 0.001 ? quarter : av_d2q(fps, 1001);
  av_reduce(&steady.num, &steady.den, steady.num, steady.den, 60000);
  return steady;
}

FrameRate measureFrameRate(std::vector<std::int64_t> times, AVRational time_base,
                           AVRational claim) {
  const std::vector<std::int64_t> steps = stepsOf(times);
  if (steps.empty()) {
    const double claimed = claim.num > 0 && claim.den > 0 ? av_q2d(claim) : 0;
    const bool believable = claimed >= Slowest && claimed <= Fastest;
    return {believable ? snapFrameRate(claimed, false) : AVRational{25, 1}, false};
  }
  const double mean = meanNearMedian(steps, medianOf(steps));
  const bool variable = isVariable(steps, mean);
  return {snapFrameRate(1.0 / (mean * av_q2d(time_base)), variable), variable};
}

}  // namespace reeld::libav
