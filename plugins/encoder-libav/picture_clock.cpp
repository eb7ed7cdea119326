// See picture_clock.h.
#include "picture_clock.h"

#include <algorithm>

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {}  // namespace

PictureClock::PictureClock(AVRational time_base, AVRational fps,
                           std::optional<std::int64_t> origin_us)
    : time_base_(time_base), fps_(fps), grid_(fps), origin_us_(origin_us) {}

std::int64_t PictureClock::originUs(std::int64_t first_seen_us) {
  if (!origin_us_) {
    origin_us_ = first_seen_us;
  }
  return *origin_us_;
}

void PictureClock::begin(std::int64_t first_pts) {
  const std::int64_t origin_us = originUs(av_rescale_q(first_pts, time_base_, Microseconds));
  first_ = first_pts - av_rescale_q(origin_us, Microseconds, time_base_);
}

std::int64_t PictureClock::slotOf(std::int64_t pts) const {
  const std::int64_t time = pts - av_rescale_q(*origin_us_, Microseconds, time_base_);
  FrameGrid grid(fps_);
  grid.place(*first_, time - *first_, time_base_);
  return grid.due();
}

std::int64_t PictureClock::ptsOf(std::int64_t slot) const {
  return av_rescale_q(*origin_us_, Microseconds, time_base_) +
         av_rescale_q(slot, av_inv_q(fps_), time_base_);
}

std::optional<SlotRun> PictureClock::place(std::int64_t pts, std::int64_t duration) {
  std::int64_t time = 0;
  if (pts != AV_NOPTS_VALUE) {
    const std::int64_t origin_us = originUs(av_rescale_q(pts, time_base_, Microseconds));
    time = pts - av_rescale_q(origin_us, Microseconds, time_base_);
  } else if (first_) {
    time = last_ + av_rescale_q(1, av_inv_q(fps_), time_base_);
  }
  if (!first_) {
    first_ = time;
  }
  last_ = time;
  last_duration_ = duration;
  return grid_.place(*first_, time - *first_, time_base_);
}

std::int64_t PictureClock::slots(std::int64_t us) const {
  return av_rescale_q(us, Microseconds, av_inv_q(fps_));
}

std::optional<SlotRun> PictureClock::finish(std::int64_t longest_us, std::int64_t sound_end_us) {
  const std::int64_t longest = std::max<std::int64_t>(1, slots(longest_us));
  const std::int64_t stays = av_rescale_q(last_duration_, time_base_, av_inv_q(fps_));
  const std::int64_t end = grid_.due() + std::clamp<std::int64_t>(stays, 1, longest);
  const std::int64_t sound_end = slots(sound_end_us);
  return grid_.finish(sound_end > end + slots(SoundTailUs) ? sound_end : end);
}

}  // namespace reeld::libav
