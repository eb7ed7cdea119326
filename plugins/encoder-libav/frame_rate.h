// The constant rate a source is laid on: from the steps between its time stamps, never from what
// the container claims (Matroska files claim 600 or 1000). Pure.
#pragma once
#include <cstdint>
#include <vector>

extern "C" {
#include <libavutil/rational.h>
}

namespace reeld::libav {

struct FrameRate {
  AVRational fps{25, 1};
  bool variable = false;
};

/// From presentation times in `time_base`, in any order. With fewer than two of them the claim is
/// used if it is believable, else 25. At most 60 and at least 5 frames per second.
FrameRate measureFrameRate(std::vector<std::int64_t> times, AVRational time_base, AVRational claim);

/// The nearest standard rate; faster than 60 is halved (thirded, ...), slower than 5 is multiplied,
/// so that the cadence stays even.
AVRational snapFrameRate(double fps, bool variable);

}  // namespace reeld::libav
