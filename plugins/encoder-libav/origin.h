// Where a title's time line begins, in the source's own time. Pure.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

extern "C" {
#include <libavutil/rational.h>
}

namespace reeld::libav {

/// The earlier of picture and sound. But if the picture comes less than a frame late (the usual
/// priming of the sound), it is the picture: rounding would show its first frame twice and shift
/// all others.
inline std::optional<std::int64_t> titleStartUs(std::optional<std::int64_t> video_us,
                                                std::optional<std::int64_t> audio_us,
                                                AVRational fps) {
  if (!video_us || !audio_us) {
    return video_us ? video_us : audio_us;
  }
  const double frame_us = 1'000'000 / av_q2d(fps);
  const bool within_a_frame =
      *video_us > *audio_us && static_cast<double>(*video_us - *audio_us) < frame_us;
  return within_a_frame ? *video_us : std::min(*video_us, *audio_us);
}

}  // namespace reeld::libav
