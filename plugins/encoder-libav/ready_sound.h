// The sound of a range of segments as the sound task made it: read whole from its descriptor and
// given out as if it had been encoded here.
#pragma once
#include "audio_track.h"
#include "libav.h"
#include "spec.h"

namespace reeld::libav {

/// The first packet that belongs to the segments from `first_segment` on. The priming packet is the
/// title's first.
std::int64_t firstPacketPts(const Spec& spec, std::int64_t first_segment);

class ReadySound {
 public:
  /// fd stays the caller's. `first_segment`: where the part begins.
  ReadySound(int fd, const Spec& spec, std::int64_t first_segment);

  AudioTrack& track() noexcept { return track_; }
  const AVCodecParameters& parameters() const noexcept { return *parameters_; }
  /// In 48 kHz samples.
  std::int64_t end() const noexcept { return end_; }

 private:
  AudioTrack track_;
  ParametersPtr parameters_;
  std::int64_t end_ = 0;
};

}  // namespace reeld::libav
