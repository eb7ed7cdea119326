// See timeline.h.
#include "timeline.h"

#include <algorithm>

namespace reeld::libav {
namespace {

// Decoding times step back a little in sloppy files; a clock that was replaced steps back a lot.
// Where clocks may be spliced, decoding times are in order otherwise.
constexpr std::int64_t JumpBackUs = 10'000'000;
constexpr std::int64_t SpliceBackUs = 100'000;
// Where a spliced stream goes on: about one frame after the newest time seen.
constexpr std::int64_t SpliceUs = 40'000;

}  // namespace

bool Timeline::plausible(const Track& track, std::int64_t time) const {
  const std::int64_t back = clock_may_jump_ ? SpliceBackUs : JumpBackUs;
  const bool too_far = newest_ && time > *newest_ + max_gap_us_;
  const bool too_early = track.last && time < *track.last - back;
  return !too_far && !too_early;
}

std::int64_t Timeline::repaired(int stream, const Track& track, std::int64_t dts_us) const {
  // If another stream has met the same jump already, its shift keeps picture and sound together.
  for (const auto& [other, other_track] : tracks_) {
    if (other != stream && plausible(track, dts_us + other_track.shift)) {
      return other_track.shift;
    }
  }
  const bool forward = newest_ && dts_us + track.shift > *newest_;
  if (forward) {
    return *newest_ + (clock_may_jump_ ? SpliceUs : max_gap_us_) - dts_us;
  }
  return *track.last + SpliceUs - dts_us;
}

std::int64_t Timeline::shiftFor(int stream, std::int64_t dts_us) {
  Track& track = tracks_[stream];
  if (!plausible(track, dts_us + track.shift)) {
    track.shift = repaired(stream, track, dts_us);
    ++repairs_;
  }
  const std::int64_t time = dts_us + track.shift;
  track.last = time;
  newest_ = newest_ ? std::max(*newest_, time) : time;
  return track.shift;
}

}  // namespace reeld::libav
