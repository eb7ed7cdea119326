// Decoded sound of any kind in, AAC-LC stereo at 48 kHz out, on an unbroken time line that starts
// at the title's zero: late or missing sound is silence, overlapping sound is dropped.
#pragma once
#include "audio_track.h"
#include "libav.h"

#include <cstdint>
#include <memory>
#include <vector>

extern "C" {
#include <libavutil/audio_fifo.h>
}

namespace reeld::libav {

class AudioEncoder {
 public:
  explicit AudioEncoder(std::int64_t bitrate);

  /// time: when the frame is due, in samples of its own rate from the title's start. Takes the
  /// reference.
  void add(AVFrame& frame, std::int64_t time, AudioTrack& track);
  /// Makes sure that sound exists up to this time (in 48 kHz samples), with silence where there is
  /// none.
  void fillTo(std::int64_t sample, AudioTrack& track);
  /// Encodes what is left and closes the track.
  void finish(AudioTrack& track);

  /// End of the sound handed over so far, in 48 kHz samples.
  std::int64_t heard() const noexcept { return heard_; }
  /// The loudest sample of each block given to the encoder, 0 to 1: the shape of the sound.
  const std::vector<float>& peaks() const noexcept { return peaks_; }
  const AVCodecParameters& parameters() const noexcept { return *parameters_; }

 private:
  void open(std::int64_t bitrate);
  void build(const AVFrame& frame);
  void push(AVFrame* frame, AudioTrack& track);
  void endGraph(AudioTrack& track);
  void encodeBlock(int samples, AudioTrack& track);
  void encode(AVFrame* frame, AudioTrack& track);

  struct FreeFifo {
    void operator()(AVAudioFifo* fifo) const noexcept { av_audio_fifo_free(fifo); }
  };

  CodecPtr codec_;
  ParametersPtr parameters_;
  GraphPtr graph_;
  AVFilterContext* input_ = nullptr;
  AVFilterContext* output_ = nullptr;
  FramePtr shape_;  ///< format, rate and layout the graph was built for
  /// Collects blocks of the encoder's size, across rebuilt graphs.
  std::unique_ptr<AVAudioFifo, FreeFifo> blocks_;
  std::int64_t made_ = 0;     ///< samples that left the resampler
  std::int64_t encoded_ = 0;  ///< samples given to the encoder
  std::int64_t heard_ = 0;
  std::vector<float> peaks_;
};

}  // namespace reeld::libav
