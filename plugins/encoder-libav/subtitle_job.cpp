// See subtitle_job.h.
#include "subtitle_job.h"

#include "allowed.h"
#include "json_text.h"
#include "origin.h"

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

constexpr AVRational Milliseconds{1, 1000};
constexpr const char* SubtitleFolder = "subtitles";
// The reading says it goes on this often, however far the next text is.
constexpr int PacketsBetweenSigns = 500;

struct SubtitleHolder {
  AVSubtitle held{};
  ~SubtitleHolder() { avsubtitle_free(&held); }
};

CodecPtr openTextDecoder(const AVStream& stream) {
  const char* name = textDecoderFor(stream.codecpar->codec_id);
  const AVCodec* codec = name == nullptr ? nullptr : avcodec_find_decoder_by_name(name);
  if (codec == nullptr) {
    return nullptr;
  }
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) {
    throw std::bad_alloc();
  }
  check(avcodec_parameters_to_context(context.get(), stream.codecpar),
        "reading the codec's parameters");
  context->pkt_timebase = stream.time_base;
  // Bytes that are no UTF-8 are replaced one by one, not the whole text thrown away.
  context->sub_charenc_mode = FF_SUB_CHARENC_MODE_IGNORE;
  return avcodec_open2(context.get(), codec, nullptr) < 0 ? nullptr : std::move(context);
}

}  // namespace

SubtitleJob::SubtitleJob(const Spec& spec, Source& source, const OutputDirectory& directory,
                         const sdk::JobSink& sink)
    : spec_(spec), source_(source), directory_(directory), sink_(sink), progress_(sink) {
  const auto start = [](const AVStream* stream) {
    return stream != nullptr ? Source::startUs(*stream) : std::nullopt;
  };
  origin_us_ =
      titleStartUs(start(source.video()),
                   start(spec.audio ? &source.sound(spec.audio->stream) : nullptr), spec.fps)
          .value_or(0);
  std::vector<const AVStream*> used;
  for (const int stream : spec.subtitles->streams) {
    tracks_.push_back(open(stream));
    if (tracks_.back().decoder) {
      used.push_back(tracks_.back().source);
    }
  }
  // Where everything is read to find them, the pictures show that it goes on.
  if (source.video() != nullptr && !used.empty() && !source.hasSampleTable()) {
    used.push_back(source.video());
  }
  source_.useAsStored(used);
}

SubtitleJob::Track SubtitleJob::open(int stream) const {
  const AVFormatContext& format = source_.format();
  const bool is_there = stream >= 0 && static_cast<unsigned>(stream) < format.nb_streams &&
                        format.streams[stream]->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE;
  if (!is_there) {
    throw Failure(REELD_INVALID, "task /subtitles/streams names no subtitles of this source")
        .at("/subtitles/streams");
  }
  const AVStream* source = format.streams[stream];
  return {stream, source, openTextDecoder(*source),
          CueList(spec_.subtitles->most_cues, spec_.subtitles->most_bytes), 0};
}

SubtitleJob::Track* SubtitleJob::trackOf(const AVPacket& packet) {
  const auto found = std::find_if(tracks_.begin(), tracks_.end(), [&](const Track& track) {
    return track.stream == packet.stream_index && track.decoder;
  });
  return found != tracks_.end() ? &*found : nullptr;
}

std::string SubtitleJob::run() {
  const bool has_any = std::any_of(tracks_.begin(), tracks_.end(),
                                   [](const Track& track) { return track.decoder != nullptr; });
  const PacketPtr packet = newPacket();
  for (int i = 1; has_any && source_.read(*packet); ++i) {
    if (Track* track = trackOf(*packet)) {
      take(*track, *packet);
    }
    if (i % PacketsBetweenSigns == 0) {
      progress_.reached(packet->pos, source_.bytes());
      progress_.stillWorking();
    }
  }
  directory_.makeFolder(SubtitleFolder);
  for (Track& track : tracks_) {
    write(track);
  }
  return report();
}

void SubtitleJob::take(Track& track, AVPacket& packet) const {
  SubtitleHolder subtitle;
  int got = 0;
  if (avcodec_decode_subtitle2(track.decoder.get(), &subtitle.held, &got, &packet) < 0) {
    ++track.errors;
    return;
  }
  if (got == 0 || packet.pts == AV_NOPTS_VALUE) {
    return;
  }
  const std::int64_t start_us =
      av_rescale_q(packet.pts, track.source->time_base, Microseconds) - origin_us_;
  const std::int64_t end_us =
      start_us + av_rescale_q(packet.duration, track.source->time_base, Microseconds);
  const std::int64_t start_ms = av_rescale_q(start_us, Microseconds, Milliseconds);
  const std::int64_t end_ms = av_rescale_q(end_us, Microseconds, Milliseconds);
  for (unsigned i = 0; i < subtitle.held.num_rects; ++i) {
    const AVSubtitleRect& rect = *subtitle.held.rects[i];
    if (rect.type == SUBTITLE_ASS && rect.ass != nullptr) {
      track.cues.add(start_ms, end_ms, subtitleText(rect.ass));
    }
  }
}

void SubtitleJob::write(Track& track) const {
  if (track.cues.count() == 0) {
    return;
  }
  const std::string path =
      std::string(SubtitleFolder) + "/stream_" + std::to_string(track.stream) + ".vtt";
  const std::string file = track.cues.print();
  directory_.write(path, {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
  sink_.artifact("subtitles", path);
}

std::string SubtitleJob::report() const {
  JsonText json;
  json.begin().beginList("subtitles");
  for (const Track& track : tracks_) {
    json.begin()
        .number("stream", track.stream)
        .flag("decoded", track.decoder != nullptr)
        .number("cues", track.cues.count())
        .number("dropped", track.cues.dropped())
        .number("decode_errors", track.errors)
        .end();
  }
  json.endList().end();
  return json.take();
}

}  // namespace reeld::libav
