// See probe.h. Facts come from the streams and, where containers lie, from time stamps and a first
// frame.
#include "probe.h"

#include "copyable.h"
#include "decoder.h"
#include "frame_rate.h"
#include "index.h"
#include "json_text.h"
#include "picture.h"
#include "source.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
}

namespace reeld::libav {
namespace {

// A first frame should come within this many packets; if not, the encoding will say what is wrong.
constexpr int PacketsToFirstFrame = 300;
// A day of a key frame every two seconds. A source of nothing but key frames has more; which ones
// are named does not matter there.
constexpr std::size_t MostKeyFrames = 50'000;
constexpr int DescribesVideo = AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS;

struct VideoFacts {
  Picture picture;
  Orientation orientation;
  FrameRate rate;
  std::int64_t frames = 0;
  std::int64_t duration_us = 0;
  bool seekable = false;
  std::vector<std::int64_t> key_frames;
  std::vector<std::int64_t> copyable;  ///< bytes from each of them to the next; or empty
};

const char* tag(const AVStream& stream, const char* key) {
  const AVDictionaryEntry* entry = av_dict_get(stream.metadata, key, nullptr, 0);
  return entry == nullptr ? "" : entry->value;
}

std::optional<Picture> firstPicture(Source& source, AVRational aspect, const Limits& limits) {
  const AVStream& video = *source.video();
  source.useOnly({&video});
  Decoder decoder(video, 1, limits.max_pixels);
  std::optional<Picture> found;
  const auto keep = [&](AVFrame& frame) {
    if (!found) {
      found = pictureOf(frame, aspect);
    }
  };
  const PacketPtr packet = newPacket();
  bool more = true;
  for (int i = 0; i < PacketsToFirstFrame && more && !found; ++i) {
    more = source.read(*packet);
    decoder.decode(more ? packet.get() : nullptr, keep);
  }
  return found;
}

// What the stream's headers say, for sources that give no frame early.
Picture declaredPicture(const AVStream& stream, AVRational aspect) {
  const AVCodecParameters& codec = *stream.codecpar;
  Picture picture;
  picture.width = codec.width;
  picture.height = codec.height;
  picture.pixels = static_cast<AVPixelFormat>(codec.format);
  picture.sample_aspect = saneAspect(aspect);
  picture.transfer = codec.color_trc;
  return picture;
}

// Length of the pictures' time line, with holes shortened as the encoder will shorten them.
std::int64_t lengthUs(std::vector<std::int64_t> times, AVRational time_base, const FrameRate& rate,
                      const Limits& limits) {
  std::sort(times.begin(), times.end());
  std::int64_t us = std::llround(1'000'000 / av_q2d(rate.fps));
  for (std::size_t i = 1; i < times.size(); ++i) {
    us += std::min(av_rescale_q(times[i] - times[i - 1], time_base, Microseconds),
                   limits.max_gap_ms * 1000);
  }
  return us;
}

std::vector<std::int64_t> thinned(std::vector<std::int64_t> slots) {
  const std::size_t every = slots.size() / MostKeyFrames + 1;
  if (every == 1) {
    return slots;
  }
  std::vector<std::int64_t> some;
  for (std::size_t i = 0; i < slots.size(); i += every) {
    some.push_back(slots[i]);
  }
  return some;
}

// Reads some of the source; of a source without a sample table all, through a reader of its own.
VideoFacts videoFacts(Source& source, int fd, const Control& control, const Limits& limits) {
  const AVStream& video = *source.video();
  const AVRational aspect = source.sampleAspect();
  VideoFacts facts;
  facts.orientation = source.orientation();
  facts.picture = firstPicture(source, aspect, limits).value_or(declaredPicture(video, aspect));
  if (facts.picture.width <= 0 || facts.picture.height <= 0) {
    throw Failure(
        REELD_INVALID,
        "the file has no picture that can be decoded; it may be incomplete: export it again");
  }
  facts.picture.interlaced =
      facts.picture.interlaced || video.codecpar->field_order > AV_FIELD_PROGRESSIVE;
  PictureIndex index = sampleTable(source, limits.max_gap_ms);
  if (index.times.empty()) {
    Source reread(fd, control, limits);
    index = readIndex(reread, control);
  }
  facts.rate = measureFrameRate(index.times, video.time_base, video.avg_frame_rate);
  if (index.complete && !index.times.empty()) {
    facts.duration_us = lengthUs(index.times, video.time_base, facts.rate, limits);
  } else if (source.format().duration > 0) {
    facts.duration_us = source.format().duration;
  }
  facts.frames = av_rescale_q_rnd(facts.duration_us, Microseconds, av_inv_q(facts.rate.fps),
                                  AV_ROUND_NEAR_INF);
  facts.key_frames = thinned(keySlots(index, video.time_base, facts.rate.fps));
  facts.seekable = !facts.key_frames.empty() && Source::startUs(video);
  facts.copyable = copyableGroups(source, fd, facts.picture, facts.rate);
  // Else what is named of either is not all there is.
  if (facts.copyable.size() != facts.key_frames.size() || facts.rate.variable) {
    facts.copyable.clear();
  }
  return facts;
}

void writeVideo(JsonText& json, const AVStream& stream, const VideoFacts& facts) {
  const Picture& picture = facts.picture;
  const AVPixFmtDescriptor* pixels = av_pix_fmt_desc_get(picture.pixels);
  const char* profile = avcodec_profile_name(stream.codecpar->codec_id, stream.codecpar->profile);
  std::int64_t width =
      std::max<std::int64_t>(1, std::llround(picture.width * av_q2d(picture.sample_aspect)));
  std::int64_t height = picture.height;
  if (facts.orientation.swapsSides()) {
    std::swap(width, height);
  }
  const char* ranges[] = {"none", "pq", "hlg"};
  json.key("video")
      .begin()
      .number("stream", stream.index)
      .text("codec", avcodec_get_name(stream.codecpar->codec_id))
      .text("profile", profile == nullptr ? "" : profile)
      .number("width", picture.width)
      .number("height", picture.height)
      .number("display_width", width)
      .number("display_height", height)
      .number("rotation", facts.orientation.clockwise)
      .flag("mirrored", facts.orientation.mirrored)
      .ratio("sar", picture.sample_aspect)
      .ratio("fps", facts.rate.fps)
      .number("frames", facts.frames)
      .flag("vfr", facts.rate.variable)
      .text("pixel_format", pixels == nullptr ? "" : pixels->name)
      .number("bit_depth", pixels == nullptr ? 0 : pixels->comp[0].depth)
      .text("hdr", ranges[static_cast<int>(picture.dynamicRange())])
      .flag("interlaced", picture.interlaced)
      .number("start_us", Source::startUs(stream).value_or(0))
      .flag("seekable", facts.seekable)
      .numbers("key_frames", facts.key_frames)
      .numbers("copyable", facts.copyable)
      .end();
}

void writeAudio(JsonText& json, const Source& source) {
  json.beginList("audio");
  for (const AVStream* stream : source.audio()) {
    json.begin()
        .number("stream", stream->index)
        .text("codec", avcodec_get_name(stream->codecpar->codec_id))
        .number("channels", stream->codecpar->ch_layout.nb_channels)
        .number("sample_rate", stream->codecpar->sample_rate)
        .text("language", tag(*stream, "language"))
        .text("title", tag(*stream, "title"))
        .flag("default", (stream->disposition & AV_DISPOSITION_DEFAULT) != 0)
        .flag("commentary", (stream->disposition & AV_DISPOSITION_COMMENT) != 0)
        .flag("describes_video", (stream->disposition & DescribesVideo) != 0)
        .flag("clear_speech", (stream->disposition & AV_DISPOSITION_HEARING_IMPAIRED) != 0)
        .end();
  }
  json.endList();
}

void writeUndecodableAudio(JsonText& json, const Source& source) {
  json.beginList("undecodable_audio");
  for (const AVStream* stream : source.undecodableAudio()) {
    json.begin()
        .number("stream", stream->index)
        .text("codec", avcodec_get_name(stream->codecpar->codec_id))
        .text("language", tag(*stream, "language"))
        .text("title", tag(*stream, "title"))
        .end();
  }
  json.endList();
}

void writeSubtitles(JsonText& json, const AVFormatContext& format) {
  json.beginList("subtitles");
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& stream = *format.streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_SUBTITLE) {
      continue;
    }
    const AVCodecDescriptor* codec = avcodec_descriptor_get(stream.codecpar->codec_id);
    json.begin()
        .number("stream", stream.index)
        .text("codec", avcodec_get_name(stream.codecpar->codec_id))
        .text("language", tag(stream, "language"))
        .text("title", tag(stream, "title"))
        .flag("default", (stream.disposition & AV_DISPOSITION_DEFAULT) != 0)
        .flag("forced", (stream.disposition & AV_DISPOSITION_FORCED) != 0)
        .flag("hearing_impaired", (stream.disposition & AV_DISPOSITION_HEARING_IMPAIRED) != 0)
        .flag("text", codec != nullptr && (codec->props & AV_CODEC_PROP_TEXT_SUB) != 0)
        .end();
  }
  json.endList();
}

}  // namespace

std::string probeSource(int fd, const Control& control, const Limits& limits) {
  Source source(fd, control, limits);
  std::optional<VideoFacts> video;
  std::int64_t duration_us = std::max<std::int64_t>(source.format().duration, 0);
  if (source.video() != nullptr) {
    video = videoFacts(source, fd, control, limits);
    // A container's claim that is far from what its pictures fill is a hole or a lie.
    const bool believable = duration_us <= 2 * video->duration_us + limits.max_gap_ms * 1000;
    if (duration_us == 0 || (source.audio().empty() && !believable)) {
      duration_us = video->duration_us;
    }
  }
  JsonText json;
  json.begin()
      .text("format", source.format().iformat->name)
      .number("duration_ms", duration_us / 1000)
      .number("size_bytes", source.bytes());
  if (video) {
    writeVideo(json, *source.video(), *video);
  } else {
    json.null("video");
  }
  writeAudio(json, source);
  writeUndecodableAudio(json, source);
  writeSubtitles(json, source.format());
  json.end();
  return json.take();
}

}  // namespace reeld::libav
