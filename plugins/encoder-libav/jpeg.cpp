// See jpeg.h. JPEG means full range and the BT.601 matrix, so video of another matrix is converted.
#include "jpeg.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace reeld::libav {
namespace {

constexpr int Quality = 3;  // libavcodec's qscale: 2 is the best, 31 the worst

struct FreeScaler {
  void operator()(SwsContext* p) const noexcept { sws_freeContext(p); }
};

int tableOf(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    default:
      return SWS_CS_ITU601;
  }
}

FramePtr newJpegFrame(int width, int height) {
  FramePtr jpeg = newFrame();
  jpeg->format = AV_PIX_FMT_YUVJ420P;
  jpeg->color_range = AVCOL_RANGE_JPEG;
  jpeg->width = width;
  jpeg->height = height;
  check(av_frame_get_buffer(jpeg.get(), 0), "making a picture");
  return jpeg;
}

}  // namespace

FramePtr blankJpegFrame(int width, int height) {
  FramePtr jpeg = newJpegFrame(width, height);
  const std::ptrdiff_t lines[4] = {jpeg->linesize[0], jpeg->linesize[1], jpeg->linesize[2], 0};
  check(
      av_image_fill_black(jpeg->data, lines, AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, width, height),
      "making a picture");
  return jpeg;
}

FramePtr toJpegFrame(const AVFrame& frame, int width, int height) {
  FramePtr jpeg = newJpegFrame(width, height);
  const std::unique_ptr<SwsContext, FreeScaler> scaler(sws_getContext(
      frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), jpeg->width,
      jpeg->height, AV_PIX_FMT_YUVJ420P, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler) {
    throw Failure(REELD_INTERNAL, "making a picture: no conversion from this pixel format");
  }
  const int full_range = frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0;
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(tableOf(frame)), full_range,
                           sws_getCoefficients(SWS_CS_ITU601), 1, 0, 1 << 16, 1 << 16);
  check(sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, jpeg->data,
                  jpeg->linesize),
        "making a picture");
  return jpeg;
}

std::vector<std::uint8_t> encodeJpeg(const AVFrame& frame, int most_width, int most_height) {
  const double fit = std::min({1.0, static_cast<double>(most_width) / frame.width,
                               static_cast<double>(most_height) / frame.height});
  return packJpeg(*toJpegFrame(frame, std::max(1, static_cast<int>(std::lround(frame.width * fit))),
                               std::max(1, static_cast<int>(std::lround(frame.height * fit)))));
}

std::vector<std::uint8_t> packJpeg(AVFrame& jpeg) {
  const AVCodec* codec = avcodec_find_encoder_by_name("mjpeg");
  const CodecPtr encoder(avcodec_alloc_context3(codec));
  if (!encoder) {
    throw std::bad_alloc();
  }
  encoder->width = jpeg.width;
  encoder->height = jpeg.height;
  encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
  encoder->color_range = AVCOL_RANGE_JPEG;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_QSCALE;
  encoder->global_quality = FF_QP2LAMBDA * Quality;
  check(avcodec_open2(encoder.get(), codec, nullptr), "opening the JPEG encoder");
  jpeg.pts = 0;
  jpeg.quality = encoder->global_quality;
  const PacketPtr packet = newPacket();
  check(avcodec_send_frame(encoder.get(), &jpeg), "encoding a picture");
  check(avcodec_receive_packet(encoder.get(), packet.get()), "encoding a picture");
  return {packet->data, packet->data + packet->size};
}

}  // namespace reeld::libav
