// See picture_copy.h.
#include "picture_copy.h"

namespace reeld::libav {

PictureCopy::PictureCopy(const AVStream& video) {
  constexpr const char* What = "copying pictures";
  const AVBitStreamFilter* kind = av_bsf_get_by_name("h264_mp4toannexb");
  if (kind == nullptr) {
    throw Failure(REELD_UNSUPPORTED, "this FFmpeg was built without h264_mp4toannexb");
  }
  AVBSFContext* filter = nullptr;
  check(av_bsf_alloc(kind, &filter), What);
  filter_.reset(filter);
  check(avcodec_parameters_copy(filter->par_in, video.codecpar), What);
  filter->time_base_in = video.time_base;
  check(av_bsf_init(filter), What);
}

PacketPtr PictureCopy::convert(const AVPacket& packet) {
  PacketPtr converted = newPacket();
  check(av_packet_ref(converted.get(), &packet), "copying pictures");
  check(av_bsf_send_packet(filter_.get(), converted.get()), "copying pictures");
  check(av_bsf_receive_packet(filter_.get(), converted.get()), "copying pictures");
  return converted;
}

}  // namespace reeld::libav
