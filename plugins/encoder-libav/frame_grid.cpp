// See frame_grid.h.
#include "frame_grid.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {

std::optional<SlotRun> FrameGrid::place(std::int64_t offset, std::int64_t since_first,
                                        AVRational time_base) {
  // Rounded apart: if the first frame lies half-way between two slots, rounding the sum would let
  // the jitter of millisecond time stamps move every frame to and fro, doubling one and losing the
  // next.
  const AVRational slot = av_inv_q(fps_);
  const std::int64_t due = av_rescale_q_rnd(offset, time_base, slot, AV_ROUND_NEAR_INF) +
                           av_rescale_q_rnd(since_first, time_base, slot, AV_ROUND_NEAR_INF);
  std::optional<SlotRun> before;
  if (holding_ && due > next_) {
    before = SlotRun{next_, due - next_};
    next_ = due;
  }
  holding_ = true;
  due_ = std::max(due, next_);
  return before;
}

std::optional<SlotRun> FrameGrid::finish(std::int64_t end) {
  if (!holding_) {
    return std::nullopt;
  }
  holding_ = false;
  const SlotRun last{next_, std::max<std::int64_t>(end - next_, 1)};
  next_ += last.count;
  return last;
}

}  // namespace reeld::libav
