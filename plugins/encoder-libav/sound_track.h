// The sound of a task from packets to packets: decoded, laid on the title's time line, encoded
// once.
#pragma once
#include "audio_encoder.h"
#include "decoder.h"
#include "spec.h"

#include <cstdint>

namespace reeld::libav {

/// Sound so many samples behind what else is read is taken for missing: finished segments wait for
/// it in memory.
inline constexpr std::int64_t MostSoundLag = 60LL * AudioRate;

class SoundTrack {
 public:
  SoundTrack(const AVStream& stream, const AudioSpec& spec, std::int64_t max_pixels);
  /// packet nullptr: the stream is over. origin_us: where the title begins in the source's time.
  void decode(const AVPacket* packet, std::int64_t origin_us);
  /// Silence up to this 48 kHz sample, where there is no sound.
  void fillTo(std::int64_t sample) { encoder_.fillTo(sample, track_); }
  void finish() { encoder_.finish(track_); }

  const AVStream& stream() const noexcept { return stream_; }
  AudioTrack& track() noexcept { return track_; }
  const AudioEncoder& encoder() const noexcept { return encoder_; }
  int errors() const noexcept { return decoder_.errors(); }
  std::int64_t decoded() const noexcept { return decoder_.frames(); }

 private:
  const AVStream& stream_;
  Decoder decoder_;
  AudioEncoder encoder_;
  AudioTrack track_;
  std::int64_t next_ = 0;  ///< where a frame without a time stamp goes, in its own samples
};

}  // namespace reeld::libav
