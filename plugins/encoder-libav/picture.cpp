// See picture.h.
#include "picture.h"

#include <tuple>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reeld::libav {

bool Picture::operator==(const Picture& other) const {
  return std::tie(width, height, pixels, range, matrix, primaries, transfer, interlaced) ==
             std::tie(other.width, other.height, other.pixels, other.range, other.matrix,
                      other.primaries, other.transfer, other.interlaced) &&
         av_cmp_q(sample_aspect, other.sample_aspect) == 0;
}

Transfer Picture::dynamicRange() const {
  switch (transfer) {
    case AVCOL_TRC_SMPTE2084:
      return Transfer::Pq;
    case AVCOL_TRC_ARIB_STD_B67:
      return Transfer::Hlg;
    default:
      return Transfer::Standard;
  }
}

bool Picture::isFullRange() const {
  const bool jpeg_format = pixels == AV_PIX_FMT_YUVJ420P || pixels == AV_PIX_FMT_YUVJ422P ||
                           pixels == AV_PIX_FMT_YUVJ444P || pixels == AV_PIX_FMT_YUVJ440P ||
                           pixels == AV_PIX_FMT_YUVJ411P;
  return jpeg_format || range == AVCOL_RANGE_JPEG;
}

bool Picture::isRgb() const {
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(pixels);
  return description != nullptr &&
         (description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

double Picture::displayAspect() const {
  return static_cast<double>(width) * av_q2d(sample_aspect) / height;
}

AVRational saneAspect(AVRational aspect) {
  if (aspect.num <= 0 || aspect.den <= 0 || av_q2d(aspect) < 0.05 || av_q2d(aspect) > 20) {
    return {1, 1};
  }
  return aspect;
}

Picture pictureOf(const AVFrame& frame, AVRational aspect) {
  Picture picture;
  picture.width = frame.width;
  picture.height = frame.height;
  picture.pixels = static_cast<AVPixelFormat>(frame.format);
  picture.sample_aspect =
      saneAspect(aspect.num > 0 && aspect.den > 0 ? aspect : frame.sample_aspect_ratio);
  picture.range = frame.color_range;
  picture.matrix = frame.colorspace;
  picture.primaries = frame.color_primaries;
  picture.transfer = frame.color_trc;
  picture.interlaced = frame.interlaced_frame != 0;
  return picture;
}

ColourTags outputTags(const Picture& source) {
  if (source.dynamicRange() != Transfer::Standard || source.isRgb()) {
    return {AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709};
  }
  const bool high_definition = source.width >= 1280 || source.height > 576;
  const bool pal = source.height == 576 || source.height == 288;
  ColourTags tags{source.matrix, source.primaries, source.transfer};
  if (tags.matrix == AVCOL_SPC_UNSPECIFIED || tags.matrix == AVCOL_SPC_RGB) {
    tags.matrix = high_definition ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  }
  if (tags.primaries == AVCOL_PRI_UNSPECIFIED) {
    tags.primaries = high_definition ? AVCOL_PRI_BT709
                     : pal           ? AVCOL_PRI_BT470BG
                                     : AVCOL_PRI_SMPTE170M;
  }
  if (tags.transfer == AVCOL_TRC_UNSPECIFIED) {
    tags.transfer = high_definition ? AVCOL_TRC_BT709 : AVCOL_TRC_SMPTE170M;
  }
  return tags;
}

}  // namespace reeld::libav
