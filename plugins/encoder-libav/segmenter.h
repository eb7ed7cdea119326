// Groups one rung's packets into segments on the frame grid. A segment is closed when the next
// one's IDR is there, and published once the sound is encoded past its end, so that it is complete
// when it appears. Sound beyond the title's last picture is cut off, at a packet: players hold what
// they are given against what the playlist says.
#pragma once
#include "audio_track.h"
#include "rendition_writer.h"
#include "spec.h"

#include <deque>
#include <optional>
#include <vector>

namespace reeld::libav {

class Segmenter {
 public:
  Segmenter(const Spec& spec, RenditionWriter writer);

  /// The next packet in decoding order; pts in slots. Throws INTERNAL if the encoder left the grid.
  void add(PacketPtr packet);
  /// No packet follows.
  void finish();
  /// Writes every closed segment whose sound is complete. track nullptr: the title has none.
  void publish(const AudioTrack* track);
  bool published() const noexcept { return finished_ && closed_.empty(); }

  /// First slot that is not published yet.
  std::int64_t openFrom() const;
  const RenditionWriter& writer() const noexcept { return writer_; }

 private:
  struct Closed {
    SegmentSpan span;
    std::vector<PacketPtr> packets;
  };
  void close();

  const Spec& spec_;
  RenditionWriter writer_;
  std::int64_t index_;
  std::vector<PacketPtr> open_;
  std::deque<Closed> closed_;
  bool finished_ = false;
};

}  // namespace reeld::libav
