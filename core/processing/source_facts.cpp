#include "processing/source_facts.h"

#include "base/error.h"

namespace reeld::processing {

namespace {
constexpr std::int64_t MaxSide = 65536;
constexpr std::int64_t MaxFps = 1000;

const Json& probeMember(const Json& object, std::string_view name) {
  const Json* found = object.find(name);
  if (found == nullptr) {
    throw Error(ErrorCode::Internal, "the encoder's probe lacks \"" + std::string(name) +
                                         "\": check the encoder plugin");
  }
  return *found;
}

std::int64_t bounded(const Json& object, std::string_view name, std::int64_t low,
                     std::int64_t high) {
  const std::int64_t value = probeMember(object, name).integer();
  if (value < low || value > high) {
    throw Error(ErrorCode::Invalid, "the file says its " + std::string(name) + " is " +
                                        std::to_string(value) + ", which cannot be right");
  }
  return value;
}

Ratio ratio(const Json& object, std::string_view name) {
  const Json::Array& pair = probeMember(object, name).array();
  if (pair.size() != 2) {
    throw Error(ErrorCode::Internal, "the encoder's probe gives \"" + std::string(name) +
                                         "\" not as a pair: check the encoder plugin");
  }
  const Ratio made{pair[0].integer(), pair[1].integer()};
  // Bounds keep every later product of frames, fps and microseconds within 64 bits.
  if (made.num <= 0 || made.den <= 0 || made.num > 1'000'000'000 || made.den > 1'000'000'000 ||
      made.value() > static_cast<double>(MaxFps) || made.value() < 0.01) {
    throw Error(ErrorCode::Invalid, "the file says a frame rate of " + std::to_string(made.num) +
                                        "/" + std::to_string(made.den) + ", which cannot be right");
  }
  return made;
}

bool flag(const Json& object, std::string_view name) {
  const Json* found = object.find(name);
  return found != nullptr && found->isBool() && found->boolean();
}

/// An older encoder plugin does not say; nothing is then begun in mid-title.
std::vector<std::int64_t> keyFrames(const Json& video) {
  std::vector<std::int64_t> slots;
  const Json* list = video.find("key_frames");
  if (list == nullptr || list->isNull()) {
    return slots;
  }
  for (const Json& one : list->array()) {
    const std::int64_t slot = one.integer();
    if (slot < 0 || slot > std::int64_t{1} << 40 || (!slots.empty() && slot <= slots.back())) {
      throw Error(ErrorCode::Internal,
                  "the encoder's probe gives key frames out of order: check the encoder plugin");
    }
    slots.push_back(slot);
  }
  return slots;
}

/// As above.
std::vector<std::int64_t> copyable(const Json& video, std::size_t key_frames) {
  std::vector<std::int64_t> bytes;
  const Json* list = video.find("copyable");
  if (list == nullptr || list->isNull()) {
    return bytes;
  }
  for (const Json& one : list->array()) {
    bytes.push_back(one.integer());
    if (bytes.back() <= 0 || bytes.back() > std::int64_t{1} << 40) {
      throw Error(ErrorCode::Internal,
                  "the encoder's probe gives impossible sizes: check the encoder plugin");
    }
  }
  if (!bytes.empty() && bytes.size() != key_frames) {
    throw Error(ErrorCode::Internal,
                "the encoder's probe gives sizes of other key frames: check the encoder plugin");
  }
  return bytes;
}

/// What another encoder need not say.
std::string maybeText(const Json& object, std::string_view name) {
  const Json* found = object.find(name);
  return found != nullptr && found->isString() ? found->text() : "";
}

/// An older encoder plugin says less of them, or nothing.
std::vector<SubtitleFacts> subtitlesIn(const Json& json) {
  std::vector<SubtitleFacts> tracks;
  const Json* list = json.find("subtitles");
  if (list == nullptr || list->isNull()) {
    return tracks;
  }
  for (const Json& track : list->array()) {
    tracks.push_back({static_cast<int>(bounded(track, "stream", 0, 1 << 16)),
                      maybeText(track, "codec"), maybeText(track, "language"),
                      maybeText(track, "title"), flag(track, "text"), flag(track, "default"),
                      flag(track, "forced"), flag(track, "hearing_impaired")});
  }
  return tracks;
}

SoundPurpose purposeOf(const Json& track) {
  if (flag(track, "commentary")) {
    return SoundPurpose::Commentary;
  }
  if (flag(track, "describes_video")) {
    return SoundPurpose::Description;
  }
  return flag(track, "clear_speech") ? SoundPurpose::ClearSpeech : SoundPurpose::Dialogue;
}

AudioFacts audioOf(const Json& track) {
  AudioFacts facts;
  facts.stream = static_cast<int>(bounded(track, "stream", 0, 1 << 16));
  facts.is_default = flag(track, "default");
  const Json* channels = track.find("channels");
  facts.channels = channels != nullptr && channels->isInteger() ? channels->integer() : 0;
  facts.language = maybeText(track, "language");
  facts.title = maybeText(track, "title");
  facts.purpose = purposeOf(track);
  return facts;
}

std::vector<UndecodableSound> undecodableOf(const Json& json) {
  std::vector<UndecodableSound> tracks;
  const Json* list = json.find("undecodable_audio");
  if (list != nullptr && list->isArray()) {
    for (const Json& track : list->array()) {
      tracks.push_back(
          {static_cast<int>(bounded(track, "stream", 0, 1 << 16)), maybeText(track, "codec")});
    }
  }
  return tracks;
}
}  // namespace

SourceFacts SourceFacts::fromJson(const Json& json) {
  SourceFacts facts;
  facts.format = probeMember(json, "format").text();
  facts.duration_ms = bounded(json, "duration_ms", 0, std::int64_t{366} * 24 * 3600 * 1000);
  const Json& video = probeMember(json, "video");
  if (!video.isNull()) {
    facts.video = VideoFacts{static_cast<int>(bounded(video, "display_width", 1, MaxSide)),
                             static_cast<int>(bounded(video, "display_height", 1, MaxSide)),
                             ratio(video, "fps"),
                             bounded(video, "frames", 0, std::int64_t{1} << 40),
                             flag(video, "seekable"),
                             keyFrames(video),
                             {}};
    facts.video->copyable = copyable(video, facts.video->key_frames.size());
  }
  for (const Json& track : probeMember(json, "audio").array()) {
    facts.audio.push_back(audioOf(track));
  }
  facts.subtitles = subtitlesIn(json);
  facts.undecodable = undecodableOf(json);
  if (!facts.video && facts.audio.empty()) {
    throw Error(ErrorCode::Invalid, "the file holds neither a picture nor sound")
        .reason("no-media");
  }
  return facts;
}

}  // namespace reeld::processing
