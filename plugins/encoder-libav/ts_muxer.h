// One segment as MPEG-TS bytes. A multiplexer per segment keeps no state across segments, tasks or
// restarts: time stamps are absolute, ten seconds ahead so that priming sound and reordered
// pictures never fall below zero.
#pragma once
#include "libav.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace reeld::libav {

class TsMuxer {
 public:
  /// video or audio may be nullptr. video_time_base: of the packets' time stamps; sound is at 48
  /// kHz.
  TsMuxer(const AVCodecParameters* video, AVRational video_time_base,
          const AVCodecParameters* audio);

  using Bytes = std::span<std::uint8_t>;
  /// discontinuous: the counters in front of this segment are unknown, and it says so itself.
  /// The bytes are valid during on_bytes only.
  void mux(const std::vector<PacketPtr>& video, const std::vector<const AVPacket*>& audio,
           bool discontinuous, const std::function<void(Bytes)>& on_bytes) const;

 private:
  const AVCodecParameters* video_;
  AVRational video_time_base_;
  const AVCodecParameters* audio_;
};

}  // namespace reeld::libav
