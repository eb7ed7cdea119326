// See ts_muxer.h.
#include "ts_muxer.h"

#include "audio_track.h"

#include <algorithm>
#include <array>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

constexpr AVRational Ticks{1, 90'000};
constexpr std::int64_t OffsetTicks = 10 * 90'000;
// Of sound alone, packets of up to half as long go into one PES: each in its own would leave a
// third of the bytes empty.
constexpr int SoundDelayUs = 400'000;
constexpr const char* Once = "86400";

// A muxer context that writes into memory.
class Context {
 public:
  Context() {
    check(avformat_alloc_output_context2(&format_, nullptr, "mpegts", nullptr), "making a segment");
    const int opened = avio_open_dyn_buf(&format_->pb);
    if (opened < 0) {
      avformat_free_context(format_);
      check(opened, "making a segment");
    }
  }
  ~Context() {
    if (format_->pb != nullptr) {
      std::uint8_t* buffer = nullptr;
      avio_close_dyn_buf(format_->pb, &buffer);
      av_free(buffer);
    }
    avformat_free_context(format_);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  AVFormatContext* operator->() { return format_; }
  AVFormatContext* get() { return format_; }
  TsMuxer::Bytes bytes() {
    std::uint8_t* buffer = nullptr;
    const int size = avio_get_dyn_buf(format_->pb, &buffer);
    return {buffer, static_cast<std::size_t>(size)};
  }
  /// With null packets, to as many as readers want to see before they know what this is: a second
  /// of silence has less.
  void fillUp() {
    constexpr std::int64_t Least = 11;
    std::array<std::uint8_t, 188> empty;
    empty.fill(0xff);
    const std::array<std::uint8_t, 4> header{0x47, 0x1f, 0xff, 0x10};
    std::copy(header.begin(), header.end(), empty.begin());
    avio_flush(format_->pb);
    while (avio_tell(format_->pb) < Least * static_cast<std::int64_t>(empty.size())) {
      avio_write(format_->pb, empty.data(), static_cast<int>(empty.size()));
    }
  }
  int addStream(const AVCodecParameters& parameters) {
    AVStream* stream = avformat_new_stream(format_, nullptr);
    if (stream == nullptr) {
      throw std::bad_alloc();
    }
    check(avcodec_parameters_copy(stream->codecpar, &parameters), "making a segment");
    stream->codecpar->codec_tag = 0;
    stream->time_base = Ticks;
    return stream->index;
  }

 private:
  AVFormatContext* format_ = nullptr;
};

class Writer {
 public:
  explicit Writer(Context& context) : context_(context), packet_(newPacket()) {}
  void write(const AVPacket& packet, int stream, AVRational time_base) {
    check(av_packet_ref(packet_.get(), &packet), "making a segment");
    packet_->stream_index = stream;
    av_packet_rescale_ts(packet_.get(), time_base, Ticks);
    packet_->pts += OffsetTicks;
    packet_->dts += OffsetTicks;
    check(av_write_frame(context_.get(), packet_.get()), "making a segment");
    av_packet_unref(packet_.get());
  }

 private:
  Context& context_;
  PacketPtr packet_;
};

}  // namespace

TsMuxer::TsMuxer(const AVCodecParameters* video, AVRational video_time_base,
                 const AVCodecParameters* audio)
    : video_(video), video_time_base_(video_time_base), audio_(audio) {}

void TsMuxer::mux(const std::vector<PacketPtr>& video, const std::vector<const AVPacket*>& audio,
                  bool discontinuous, const std::function<void(Bytes)>& on_bytes) const {
  Context context;
  const int video_stream = video_ != nullptr ? context.addStream(*video_) : -1;
  const int audio_stream = audio_ != nullptr ? context.addStream(*audio_) : -1;
  context->avoid_negative_ts = 0;
  context->max_delay = video_ != nullptr ? 0 : SoundDelayUs;
  Options options;
  options.set("mpegts_copyts", 1);
  // A segment is read from its start: tables there are enough, and ten a second take 45 kbit/s.
  options.set("pat_period", Once).set("sdt_period", Once);
  if (discontinuous) {
    options.set("mpegts_flags", "initial_discontinuity");
  }
  check(avformat_write_header(context.get(), options.raw()), "making a segment");
  options.requireAllTaken("the mpegts muxer");

  constexpr AVRational AudioTimeBase{1, AudioRate};
  Writer writer(context);
  auto sound = audio.begin();
  for (const PacketPtr& picture : video) {
    while (sound != audio.end() &&
           av_compare_ts((*sound)->dts, AudioTimeBase, picture->dts, video_time_base_) < 0) {
      writer.write(**sound++, audio_stream, AudioTimeBase);
    }
    writer.write(*picture, video_stream, video_time_base_);
  }
  while (sound != audio.end()) {
    writer.write(**sound++, audio_stream, AudioTimeBase);
  }
  check(av_write_trailer(context.get()), "making a segment");
  context.fillUp();
  on_bytes(context.bytes());
}

}  // namespace reeld::libav
