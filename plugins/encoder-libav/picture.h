// What a filter graph must know of the frames it is given, and what the encoders must say about
// those it makes: shape, pixel format and colour. Pure values.
#pragma once
#include "libav.h"

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace reeld::libav {

enum class Transfer { Standard, Pq, Hlg };

struct Picture {
  int width = 0;
  int height = 0;
  AVPixelFormat pixels = AV_PIX_FMT_NONE;
  AVRational sample_aspect{1, 1};
  AVColorRange range = AVCOL_RANGE_UNSPECIFIED;
  AVColorSpace matrix = AVCOL_SPC_UNSPECIFIED;
  AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
  AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
  bool interlaced = false;

  bool operator==(const Picture& other) const;
  Transfer dynamicRange() const;
  bool isFullRange() const;
  bool isRgb() const;
  /// Shape as displayed, before any rotation.
  double displayAspect() const;
};

/// aspect: the container's opinion, which outranks the stream's.
Picture pictureOf(const AVFrame& frame, AVRational aspect);

/// The colour tags of the 8-bit limited-range pictures made from `source`. What the source leaves
/// unsaid is said as players would guess it from the *source's* size: they would guess differently
/// for a small rung and change its colours in mid-stream.
struct ColourTags {
  AVColorSpace matrix;
  AVColorPrimaries primaries;
  AVColorTransferCharacteristic transfer;
};
ColourTags outputTags(const Picture& source);

/// 1:1 unless the ratio is believable.
AVRational saneAspect(AVRational aspect);

}  // namespace reeld::libav
