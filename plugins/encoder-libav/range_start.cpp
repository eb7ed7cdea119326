// See range_start.h.
#include "range_start.h"

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {

std::optional<std::int64_t> RangeStart::firstPictureTime() {
  std::optional<std::int64_t> time;
  const auto on_frame = [&](AVFrame& frame) {
    if (!time) {
      time = frame.pts;
    }
  };
  const PacketPtr packet = newPacket();
  while (!time && source_.read(*packet)) {
    decoder_.decode(packet.get(), on_frame);
  }
  if (!time) {
    decoder_.decode(nullptr, on_frame);
  }
  return time == AV_NOPTS_VALUE ? std::nullopt : time;
}

PacketPtr RangeStart::land(std::int64_t time, std::int64_t frame) {
  if (!source_.seek(*source_.video(), time)) {
    return nullptr;
  }
  PacketPtr packet = newPacket();
  const bool is_good = source_.read(*packet) && (packet->flags & AV_PKT_FLAG_KEY) != 0 &&
                       packet->pts != AV_NOPTS_VALUE && clock_.slotOf(packet->pts) <= frame;
  return is_good ? std::move(packet) : nullptr;
}

PacketPtr RangeStart::goTo(std::int64_t frame) {
  const AVStream& video = *source_.video();
  const auto first = firstPictureTime();
  if (first) {
    clock_.begin(*first);
    // Tables count in decoding times, which run ahead of the pictures'.
    for (const std::int64_t margin_ms : {1'000, 10'000, 60'000}) {
      const std::int64_t time =
          clock_.ptsOf(frame) - av_rescale_q(margin_ms, {1, 1000}, video.time_base);
      PacketPtr packet = time > *first ? land(time, frame) : nullptr;
      if (packet) {
        decoder_.restart();
        return packet;
      }
    }
  }
  if (!source_.seek(video, first.value_or(0))) {
    throw Failure(REELD_INTERNAL, "cannot go back to the start of the source");
  }
  decoder_.restart();
  return nullptr;
}

}  // namespace reeld::libav
