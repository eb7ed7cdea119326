// See source.h.
#include "source.h"

#include "allowed.h"

#include <algorithm>
#include <string>

namespace reeld::libav {
namespace {

// A reader that fails this often in a row has reached the end of what can be had.
constexpr int FailuresInARow = 200;

int interrupted(void* control) { return static_cast<const Control*>(control)->stopped() ? 1 : 0; }

// Nothing but the descriptor we were given is ever opened, whatever a file asks for.
int refuseToOpen(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

const AVInputFormat& recognise(AVIOContext* io) {
  const AVInputFormat* format = nullptr;
  if (av_probe_input_buffer2(io, &format, "", nullptr, 0, 0) < 0 || format == nullptr) {
    invalid("this is not a video or audio file that reeld knows");
  }
  if (isPlaylist(format->name)) {
    invalid("this is a playlist or a script, not a video: upload the video file itself");
  }
  return *format;
}

[[noreturn]] void refuseContainer(const AVInputFormat& format) {
  if (std::string_view(format.name).starts_with("mov")) {
    invalid(
        "the file's index is missing or damaged (an upload or export that was cut off?): "
        "export it again");
  }
  invalid(std::string("the file looks like ") + format.name +
          " but cannot be read; it may be incomplete or damaged: export it again");
}

bool isPicture(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
         (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) ==
             0;
}

}  // namespace

Source::Source(int fd, const Control& control, const Limits& limits)
    : control_(control), limits_(limits), file_(fd), timeline_(0, false) {
  if (file_.size() == 0) {
    invalid("the file is empty");
  }
  try {
    open();
    chooseStreams();
  } catch (...) {
    avformat_close_input(&format_);
    throw;
  }
  timeline_ = untouchedTimeline();
}

Source::~Source() { avformat_close_input(&format_); }

void Source::open() {
  const AVInputFormat& recognised = recognise(file_.io());
  format_ = avformat_alloc_context();
  if (format_ == nullptr) {
    throw std::bad_alloc();
  }
  format_->pb = file_.io();
  format_->flags |= AVFMT_FLAG_CUSTOM_IO;
  format_->io_open = refuseToOpen;
  format_->interrupt_callback = {interrupted, const_cast<Control*>(&control_)};
  Options options;
  options.set("format_whitelist", allowedDemuxers())
      .set("codec_whitelist", allowedDecoders())
      .set("protocol_whitelist", "none");
  // On failure libavformat frees the context.
  const int opened = avformat_open_input(&format_, "", &recognised, options.raw());
  control_.check();
  if (opened == AVERROR(EINVAL)) {
    invalid(std::string("files of the format ") + recognised.name + " are not accepted");
  }
  if (opened < 0) {
    refuseContainer(recognised);
  }
}

void Source::chooseStreams() {
  // Attachments (the fonts of subtitles) are no streams in this sense and come by the dozen.
  const auto streams = std::count_if(
      format_->streams, format_->streams + format_->nb_streams, [](const AVStream* stream) {
        return stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT;
      });
  if (streams > limits_.max_streams) {
    invalid("the file has " + std::to_string(streams) + " streams; at most " +
            std::to_string(limits_.max_streams) + " are accepted");
  }
  requireBounded();
  // The bound must hold for the decoders that look at the first frames, too.
  std::vector<AVDictionary*> bounds(format_->nb_streams, nullptr);
  for (AVDictionary*& bound : bounds) {
    av_dict_set_int(&bound, "max_pixels", limits_.max_pixels, 0);
  }
  const int found = avformat_find_stream_info(format_, bounds.data());
  for (AVDictionary*& bound : bounds) {
    av_dict_free(&bound);
  }
  control_.check();
  if (found < 0) {
    refuseContainer(*format_->iformat);
  }
  std::string unknown_codec;
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    const AVStream& stream = *format_->streams[i];
    const AVCodecParameters& codec = *stream.codecpar;
    const bool decodable = decoderFor(codec.codec_id) != nullptr;
    if (codec.codec_type == AVMEDIA_TYPE_AUDIO) {
      (decodable && codec.sample_rate > 0 ? audio_ : undecodable_).push_back(&stream);
    } else if (isPicture(stream)) {
      const bool preferred =
          video_ == nullptr || ((stream.disposition & AV_DISPOSITION_DEFAULT) != 0 &&
                                (video_->disposition & AV_DISPOSITION_DEFAULT) == 0);
      if (decodable && preferred) {
        video_ = &stream;
      } else if (!decodable) {
        unknown_codec = codec.codec_id == AV_CODEC_ID_NONE ? "something unknown"
                                                           : avcodec_get_name(codec.codec_id);
      }
    } else if (codec.codec_type == AVMEDIA_TYPE_VIDEO && cover_ == nullptr && decodable) {
      cover_ = &stream;
    }
  }
  if (video_ == nullptr && !unknown_codec.empty()) {
    invalid("its picture is coded as " + unknown_codec +
            ", which is not supported: export it as H.264");
  }
  if (video_ == nullptr && audio_.empty()) {
    invalid("the file has neither a picture nor a sound that can be decoded");
  }
  requireBounded();
}

void Source::requireBounded() const {
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    const AVCodecParameters& codec = *format_->streams[i]->codecpar;
    const std::int64_t pixels = std::int64_t{codec.width} * codec.height;
    if (codec.codec_type == AVMEDIA_TYPE_VIDEO && pixels > limits_.max_pixels) {
      invalid("its picture has " + std::to_string(pixels / 1'000'000) + " megapixels; at most " +
              std::to_string(limits_.max_pixels / 1'000'000) + " are accepted");
    }
  }
}

const AVStream& Source::sound(int stream) const {
  for (const AVStream* candidate : audio_) {
    if (candidate->index == stream) {
      return *candidate;
    }
  }
  throw Failure(REELD_INVALID, "task /audio/stream names no sound of this source")
      .at("/audio/stream");
}

Orientation Source::orientation() const {
  std::size_t size = 0;
  const auto* matrix = av_stream_get_side_data(video_, AV_PKT_DATA_DISPLAYMATRIX, &size);
  const bool whole = size >= 9 * sizeof(std::int32_t);
  return orientationOf(whole ? reinterpret_cast<const std::int32_t*>(matrix) : nullptr);
}

AVRational Source::sampleAspect() const {
  return av_guess_sample_aspect_ratio(format_, const_cast<AVStream*>(video_), nullptr);
}

void Source::useOnly(const std::vector<const AVStream*>& streams) {
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    AVStream* stream = format_->streams[i];
    const bool used = std::find(streams.begin(), streams.end(), stream) != streams.end();
    stream->discard = used ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
  std::optional<std::int64_t> begin;
  for (const AVStream* stream : streams) {
    if (const auto start = startUs(*stream)) {
      begin = std::min(begin.value_or(*start), *start);
    }
  }
  if (begin) {
    timeline_.begin(*begin);
  }
}

void Source::useAsStored(const std::vector<const AVStream*>& streams) {
  useOnly(streams);
  keeps_times_ = true;
}

bool Source::hasSampleTable() const noexcept {
  return std::string_view(format_->iformat->name).starts_with("mov");
}

Timeline Source::untouchedTimeline() const {
  return {limits_.max_gap_ms * 1000, (format_->iformat->flags & AVFMT_TS_DISCONT) != 0};
}

bool Source::seek(const AVStream& stream, std::int64_t time) {
  if (av_seek_frame(format_, stream.index, time, AVSEEK_FLAG_BACKWARD) < 0) {
    control_.check();
    return false;
  }
  // Where it lands is no hole after where it was.
  timeline_ = untouchedTimeline();
  return true;
}

bool Source::read(AVPacket& packet) {
  for (int failures = 0; failures < FailuresInARow;) {
    av_packet_unref(&packet);
    const int got = av_read_frame(format_, &packet);
    control_.check();
    if (got == AVERROR_EOF) {
      return false;
    }
    if (got < 0) {
      ++read_errors_;
      ++failures;
      continue;
    }
    if (format_->streams[packet.stream_index]->discard == AVDISCARD_ALL) {
      continue;
    }
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) {
      ++read_errors_;
    }
    straighten(packet);
    return true;
  }
  return false;
}

void Source::straighten(AVPacket& packet) {
  const AVRational time_base = format_->streams[packet.stream_index]->time_base;
  const std::int64_t time = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
  if (time == AV_NOPTS_VALUE || keeps_times_) {
    return;
  }
  const std::int64_t shift_us =
      timeline_.shiftFor(packet.stream_index, av_rescale_q(time, time_base, Microseconds));
  const std::int64_t shift = av_rescale_q(shift_us, Microseconds, time_base);
  packet.dts += packet.dts != AV_NOPTS_VALUE ? shift : 0;
  packet.pts += packet.pts != AV_NOPTS_VALUE ? shift : 0;
}

std::optional<std::int64_t> Source::startUs(const AVStream& stream) {
  if (stream.start_time == AV_NOPTS_VALUE) {
    return std::nullopt;
  }
  return av_rescale_q(stream.start_time, stream.time_base, Microseconds);
}

}  // namespace reeld::libav
