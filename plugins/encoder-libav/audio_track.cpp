// See audio_track.h.
#include "audio_track.h"

#include <algorithm>

namespace reeld::libav {

std::vector<const AVPacket*> AudioTrack::between(std::int64_t from, std::int64_t to) const {
  const auto first = std::partition_point(packets_.begin(), packets_.end(),
                                          [&](const PacketPtr& p) { return p->pts < from; });
  std::vector<const AVPacket*> found;
  for (auto packet = first; packet != packets_.end() && (*packet)->pts < to; ++packet) {
    found.push_back(packet->get());
  }
  return found;
}

void AudioTrack::forgetBefore(std::int64_t sample) {
  // The newest stays, so that end() and reaches() keep their meaning.
  while (packets_.size() > 1 && packets_.front()->pts < sample) {
    packets_.pop_front();
  }
}

}  // namespace reeld::libav
