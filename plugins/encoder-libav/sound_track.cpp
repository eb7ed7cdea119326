// See sound_track.h.
#include "sound_track.h"

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {

SoundTrack::SoundTrack(const AVStream& stream, const AudioSpec& spec, std::int64_t max_pixels)
    : stream_(stream), decoder_(stream, 1, max_pixels), encoder_(spec.bitrate) {}

void SoundTrack::decode(const AVPacket* packet, std::int64_t origin_us) {
  decoder_.decode(packet, [&](AVFrame& frame) {
    if (frame.sample_rate <= 0) {
      return;
    }
    const AVRational own{1, frame.sample_rate};
    std::int64_t time = next_;
    if (frame.pts != AV_NOPTS_VALUE) {
      time = av_rescale_q(frame.pts, stream_.time_base, own) -
             av_rescale_q(origin_us, {1, 1'000'000}, own);
    }
    next_ = time + frame.nb_samples;
    encoder_.add(frame, time, track_);
  });
}

}  // namespace reeld::libav
