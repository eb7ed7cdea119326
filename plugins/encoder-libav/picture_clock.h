// From a decoded frame's time stamp to its place on the title's grid: where the title begins, what
// to do without a stamp, how long the last frame stays. Pure.
#pragma once
#include "frame_grid.h"

#include <cstdint>
#include <optional>

namespace reeld::libav {

/// Sound that outlasts the picture by more than this is worth a still picture, which a copy cannot
/// have; less is the usual slack.
inline constexpr std::int64_t SoundTailUs = 1'000'000;

class PictureClock {
 public:
  /// time_base: of the frames' stamps. origin_us: where the title begins in the source's time, if
  /// known.
  PictureClock(AVRational time_base, AVRational fps, std::optional<std::int64_t> origin_us);

  /// For a task in mid-title: the time stamp of the title's first frame, from which the place of
  /// every other follows. Before the first place().
  void begin(std::int64_t first_pts);

  /// The next frame in presentation order; pts may be AV_NOPTS_VALUE, duration 0 if unknown.
  /// Returns the slots of the frame before it, as FrameGrid::place() does.
  std::optional<SlotRun> place(std::int64_t pts, std::int64_t duration);

  /// No frame follows. The last one stays for its own duration, at most `longest_us`; or, if the
  /// sound outlasts it by more than a second, until sound_end_us (from the title's start).
  std::optional<SlotRun> finish(std::int64_t longest_us, std::int64_t sound_end_us);

  /// No frame follows, and the title is known to end before this slot.
  std::optional<SlotRun> finishAt(std::int64_t end) { return grid_.finish(end); }

  /// Where the title begins. A source that does not say begins with the first time stamp it shows.
  std::int64_t originUs(std::int64_t first_seen_us);
  /// Where a frame with this time stamp is due, and the time stamp of a slot's start. After
  /// begin().
  std::int64_t slotOf(std::int64_t pts) const;
  std::int64_t ptsOf(std::int64_t slot) const;
  /// First slot that is not given out yet.
  std::int64_t next() const noexcept { return grid_.next(); }

 private:
  std::int64_t slots(std::int64_t us) const;

  AVRational time_base_;
  AVRational fps_;
  FrameGrid grid_;
  std::optional<std::int64_t> origin_us_;
  std::optional<std::int64_t> first_;  ///< the first frame's time from the origin, in time_base_
  std::int64_t last_ = 0;
  std::int64_t last_duration_ = 0;
};

}  // namespace reeld::libav
