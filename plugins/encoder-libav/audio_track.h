// The title's encoded sound: packets made once and muxed into every rung. Kept from the first
// segment that is still open to the newest packet. Times are samples at 48 kHz from the title's
// start; the encoder's priming makes the first packet's negative.
#pragma once
#include "libav.h"
#include "spec.h"

#include <deque>
#include <span>
#include <vector>

namespace reeld::libav {

class AudioTrack {
 public:
  void add(PacketPtr packet) { packets_.push_back(std::move(packet)); }
  /// No packet follows.
  void close() { closed_ = true; }
  /// Every packet that begins before this time is here.
  bool reaches(std::int64_t sample) const {
    return closed_ || (!packets_.empty() && packets_.back()->pts >= sample);
  }
  bool closed() const { return closed_; }
  /// Packets that begin in [from, to).
  std::vector<const AVPacket*> between(std::int64_t from, std::int64_t to) const;
  /// Nobody asks for packets before this time any more.
  void forgetBefore(std::int64_t sample);
  /// End of the newest packet.
  std::int64_t end() const {
    return packets_.empty() ? 0 : packets_.back()->pts + packets_.back()->duration;
  }

 private:
  std::deque<PacketPtr> packets_;
  bool closed_ = false;
};

}  // namespace reeld::libav
