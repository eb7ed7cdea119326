// See decoder.h.
#include "decoder.h"

#include "allowed.h"

namespace reeld::libav {
namespace {

constexpr int FailuresAtOnce = 64;

}  // namespace

Decoder::Decoder(const AVStream& stream, int threads, std::int64_t max_pixels, Damage damage)
    : frame_(newFrame()) {
  const char* name = decoderFor(stream.codecpar->codec_id);
  const AVCodec* codec = name == nullptr ? nullptr : avcodec_find_decoder_by_name(name);
  if (codec == nullptr) {
    throw Failure(REELD_UNSUPPORTED, std::string("this FFmpeg has no decoder for ") +
                                         avcodec_get_name(stream.codecpar->codec_id));
  }
  codec_.reset(avcodec_alloc_context3(codec));
  if (!codec_) {
    throw std::bad_alloc();
  }
  check(avcodec_parameters_to_context(codec_.get(), stream.codecpar),
        "reading the codec's parameters");
  codec_->pkt_timebase = stream.time_base;
  codec_->thread_count = threads;
  codec_->max_pixels = max_pixels;
  if (damage == Damage::Refused) {
    codec_->err_recognition =
        AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_CAREFUL | AV_EF_EXPLODE;
  }
  if (avcodec_open2(codec_.get(), codec, nullptr) < 0) {
    throw Failure(REELD_INVALID, std::string("its ") + avcodec_get_name(codec->id) +
                                     " stream is damaged beyond decoding: export it again");
  }
}

void Decoder::decode(const AVPacket* packet, const OnFrame& on_frame) {
  const int sent = avcodec_send_packet(codec_.get(), packet);
  if (sent == AVERROR(ENOMEM)) {
    throw std::bad_alloc();
  }
  if (sent < 0 && sent != AVERROR_EOF) {
    ++errors_;
  }
  // After damage the frames behind it still come, so an error does not end the loop by itself.
  for (int failures = 0; failures < FailuresAtOnce;) {
    const int got = avcodec_receive_frame(codec_.get(), frame_.get());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) {
      return;
    }
    if (got == AVERROR(ENOMEM)) {
      throw std::bad_alloc();
    }
    if (got < 0) {
      ++errors_;
      ++failures;
      continue;
    }
    if (frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0) {
      ++errors_;
    }
    ++frames_;
    frame_->pts = frame_->best_effort_timestamp;
    on_frame(*frame_);
    av_frame_unref(frame_.get());
  }
}

}  // namespace reeld::libav
