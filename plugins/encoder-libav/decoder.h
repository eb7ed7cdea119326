// One stream decoded: packets in, frames out. Damage is counted and survived; only what makes the
// whole stream unusable is an error.
#pragma once
#include "libav.h"

#include <functional>

namespace reeld::libav {

/// Survived: as much as can be is shown. Refused: what is not as coded is an error, not a picture.
enum class Damage { Survived, Refused };

class Decoder {
 public:
  /// Throws INVALID if the stream's parameters make no sense to its decoder.
  Decoder(const AVStream& stream, int threads, std::int64_t max_pixels,
          Damage damage = Damage::Survived);

  using OnFrame = std::function<void(AVFrame&)>;
  /// packet nullptr: the stream is over, everything held back comes out. The frame's pts is the
  /// best guess in the stream's time base, or AV_NOPTS_VALUE.
  void decode(const AVPacket* packet, const OnFrame& on_frame);

  /// The next packet is from another place of the source, and a key frame.
  void restart() { avcodec_flush_buffers(codec_.get()); }

  int errors() const noexcept { return errors_; }
  std::int64_t frames() const noexcept { return frames_; }

 private:
  CodecPtr codec_;
  FramePtr frame_;
  int errors_ = 0;
  std::int64_t frames_ = 0;
};

}  // namespace reeld::libav
