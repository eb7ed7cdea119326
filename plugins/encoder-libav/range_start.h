// Where a task in mid-title begins to decode: at the last key frame that leads to its first frame.
// Every frame's place on the grid follows from the time of the title's first one, so that one is
// decoded before the jump; without a key frame that is surely early enough, the start of the source
// is, always.
#pragma once
#include "decoder.h"
#include "picture_clock.h"
#include "source.h"

#include <optional>

namespace reeld::libav {

class RangeStart {
 public:
  /// Nothing has been read yet.
  RangeStart(Source& source, Decoder& decoder, PictureClock& clock)
      : source_(source), decoder_(decoder), clock_(clock) {}

  /// The packet to decode first; nothing if it is still to be read.
  PacketPtr goTo(std::int64_t frame);

 private:
  std::optional<std::int64_t> firstPictureTime();
  PacketPtr land(std::int64_t time, std::int64_t frame);

  Source& source_;
  Decoder& decoder_;
  PictureClock& clock_;
};

}  // namespace reeld::libav
