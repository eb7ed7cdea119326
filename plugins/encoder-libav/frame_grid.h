// Lays frames of any timing on the constant-rate grid: which slots each frame fills. Slot n is
// shown at n/fps; the segment plan counts in slots, so this decides what every rung, task and
// restart agrees on. Pure: frames themselves stay with the caller, who holds one back until its run
// is known.
#pragma once
#include <cstdint>
#include <optional>

extern "C" {
#include <libavutil/rational.h>
}

namespace reeld::libav {

/// A frame is shown in slots [first, first + count).
struct SlotRun {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

class FrameGrid {
 public:
  explicit FrameGrid(AVRational fps) : fps_(fps) {}

  /// The next frame is due `offset` + `since_first` (both in `time_base`) after the title's start;
  /// offset is the first frame's. Returns the run of the frame before it, or nothing if there is
  /// none or it was overtaken and is dropped. The first frame also fills the slots before it.
  std::optional<SlotRun> place(std::int64_t offset, std::int64_t since_first, AVRational time_base);

  /// No frame follows; the last one lasts at least one slot, and until slot `end`.
  std::optional<SlotRun> finish(std::int64_t end);

  /// First slot that is not given out yet.
  std::int64_t next() const noexcept { return next_; }
  /// Slot where the frame held back begins to be due; its natural end is one later.
  std::int64_t due() const noexcept { return due_; }

 private:
  AVRational fps_;
  bool holding_ = false;
  std::int64_t next_ = 0;
  std::int64_t due_ = 0;
};

}  // namespace reeld::libav
