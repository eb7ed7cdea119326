// Reading the task; see spec.h. RapidJSON ends in this file.
#include "spec.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <reeld/plugin.hpp>

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

using Value = rapidjson::Value;
using sdk::Failure;

constexpr std::int64_t MostSegments = 10'000'000;

[[noreturn]] void refuse(const std::string& pointer, const std::string& why) {
  throw Failure(REELD_INVALID, "task " + (pointer.empty() ? "" : pointer + " ") + why).at(pointer);
}

const Value* find(const Value& object, const char* name) {
  const auto member = object.FindMember(name);
  return member == object.MemberEnd() || member->value.IsNull() ? nullptr : &member->value;
}

std::int64_t integer(const Value& object, const std::string& at, const char* name,
                     std::int64_t fallback, std::int64_t low, std::int64_t high) {
  const Value* value = find(object, name);
  if (value == nullptr) {
    return fallback;
  }
  const std::string pointer = at + "/" + name;
  if (!value->IsInt64()) {
    refuse(pointer, "must be an integer");
  }
  if (value->GetInt64() < low || value->GetInt64() > high) {
    refuse(pointer, "must be from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return value->GetInt64();
}

std::string text(const Value& object, const std::string& at, const char* name,
                 std::string fallback) {
  const Value* value = find(object, name);
  if (value == nullptr) {
    return fallback;
  }
  if (!value->IsString()) {
    refuse(at + "/" + name, "must be text");
  }
  return {value->GetString(), value->GetStringLength()};
}

bool flag(const Value& object, const char* name) {
  const Value* value = find(object, name);
  return value != nullptr && value->IsBool() && value->GetBool();
}

bool isEmptyList(const Value& object, const char* name) {
  const Value* value = find(object, name);
  return value == nullptr || (value->IsArray() && value->Empty());
}

AVRational rate(const Value& object, const char* name) {
  const Value* value = find(object, name);
  const std::string pointer = std::string("/") + name;
  if (value == nullptr || !value->IsArray() || value->Size() != 2 || !(*value)[0].IsInt() ||
      !(*value)[1].IsInt()) {
    refuse(pointer, "must be [numerator, denominator]");
  }
  const AVRational fps{(*value)[0].GetInt(), (*value)[1].GetInt()};
  if (fps.num <= 0 || fps.den <= 0 || av_q2d(fps) > 120 || av_q2d(fps) < 1) {
    refuse(pointer, "must be a rate from 1 to 120");
  }
  return fps;
}

bool isPlainName(const std::string& name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

RungSpec rung(const Value& value, const std::string& at) {
  if (!value.IsObject()) {
    refuse(at, "must be an object");
  }
  RungSpec made;
  made.name = text(value, at, "name", "");
  if (!isPlainName(made.name)) {
    refuse(at + "/name", "must be 1 to 40 of a-z, 0-9, - and _");
  }
  made.width = static_cast<int>(integer(value, at, "width", 0, 2, 16384));
  made.height = static_cast<int>(integer(value, at, "height", 0, 2, 16384));
  if (made.width % 2 != 0 || made.height % 2 != 0 || (made.width == 0) != (made.height == 0)) {
    refuse(at, "must have an even width and height");
  }
  if (const Value* crf = find(value, "crf")) {
    if (!crf->IsNumber() || crf->GetDouble() < 0 || crf->GetDouble() > 51) {
      refuse(at + "/crf", "must be a number from 0 to 51");
    }
    made.crf = crf->GetDouble();
  }
  made.maxrate = integer(value, at, "maxrate", 0, 1000, 2'000'000'000);
  made.bufsize = integer(value, at, "bufsize", made.maxrate * 2, 1000, 2'000'000'000);
  made.profile = text(value, at, "profile", "high");
  made.copied = flag(value, "copy");
  if (made.profile != "baseline" && made.profile != "main" && made.profile != "high") {
    refuse(at + "/profile", "must be baseline, main or high");
  }
  return made;
}

std::vector<RungSpec> rungs(const Value& document) {
  const Value* list = find(document, "rungs");
  if (list == nullptr || !list->IsArray() || list->Empty() || list->Size() > 12) {
    refuse("/rungs", "must be a list of 1 to 12 rungs");
  }
  std::vector<RungSpec> made;
  for (rapidjson::SizeType i = 0; i < list->Size(); ++i) {
    made.push_back(rung((*list)[i], "/rungs/" + std::to_string(i)));
    for (rapidjson::SizeType j = 0; j < i; ++j) {
      if (made[j].name == made[i].name) {
        refuse("/rungs/" + std::to_string(i) + "/name", "is used twice");
      }
    }
    if (made[i].width == 0 && list->Size() != 1) {
      refuse("/rungs/" + std::to_string(i),
             "must have a size: only a title without video has none");
    }
  }
  return made;
}

std::optional<AudioSpec> audio(const Value& document) {
  const Value* value = find(document, "audio");
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->IsObject()) {
    refuse("/audio", "must be an object or null");
  }
  AudioSpec made;
  made.stream = static_cast<int>(integer(*value, "/audio", "stream", 0, 0, 1000));
  made.bitrate = integer(*value, "/audio", "bitrate", made.bitrate, 32'000, 512'000);
  // The ladder's one format: the same packets go into every rung.
  integer(*value, "/audio", "sample_rate", AudioRate, AudioRate, AudioRate);
  integer(*value, "/audio", "channels", 2, 2, 2);
  if (find(*value, "ready_from") != nullptr) {
    made.ready_from = integer(*value, "/audio", "ready_from", 0, 0, MostSegments);
  }
  if (find(*value, "beside") != nullptr) {
    made.beside = static_cast<int>(integer(*value, "/audio", "beside", 0, 0, 1000));
  }
  return made;
}

// A list of numbers, rising from 0; empty if there is none.
std::vector<std::int64_t> rising(const Value& document, const char* name, std::int64_t most) {
  const Value* list = find(document, name);
  if (list == nullptr) {
    return {};
  }
  const auto isInBounds = [most](const Value& value) {
    return value.IsInt64() && value.GetInt64() >= 0 && value.GetInt64() <= most;
  };
  const auto isNoRise = [](const Value& a, const Value& b) { return b.GetInt64() <= a.GetInt64(); };
  const bool good = list->IsArray() && !list->Empty() &&
                    std::all_of(list->Begin(), list->End(), isInBounds) &&
                    (*list)[0].GetInt64() == 0 &&
                    std::adjacent_find(list->Begin(), list->End(), isNoRise) == list->End();
  if (!good) {
    refuse(std::string("/") + name, "must be a list of rising numbers, the first of them 0");
  }
  std::vector<std::int64_t> made;
  for (const Value& value : list->GetArray()) {
    made.push_back(value.GetInt64());
  }
  return made;
}

Limits limits(const Value& document) {
  Limits made;
  const Value* value = find(document, "limits");
  if (value == nullptr) {
    return made;
  }
  if (!value->IsObject()) {
    refuse("/limits", "must be an object");
  }
  constexpr std::int64_t DayMs = 24LL * 3600 * 1000;
  made.max_pixels = integer(*value, "/limits", "max_pixels", made.max_pixels, 4, 1LL << 30);
  made.max_duration_ms =
      integer(*value, "/limits", "max_duration_ms", made.max_duration_ms, 1, 30 * DayMs);
  made.max_gap_ms = integer(*value, "/limits", "max_gap_ms", made.max_gap_ms, 1, DayMs);
  made.max_streams =
      static_cast<int>(integer(*value, "/limits", "max_streams", made.max_streams, 1, 1000));
  return made;
}

std::optional<StillSpec> still(const Value& document) {
  const Value* value = find(document, "still");
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->IsObject()) {
    refuse("/still", "must be an object");
  }
  StillSpec made;
  made.most_side =
      static_cast<int>(integer(*value, "/still", "most_side", made.most_side, 16, 4096));
  return made;
}

std::optional<StoryboardSpec> storyboard(const Value& document) {
  constexpr const char* At = "/storyboard";
  const Value* value = find(document, "storyboard");
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->IsObject()) {
    refuse(At, "must be an object");
  }
  const auto side = [&](const char* name, int otherwise) {
    const auto pixels = static_cast<int>(integer(*value, At, name, otherwise, 2, 1024));
    if (pixels % 2 != 0) {
      refuse(std::string(At) + "/" + name, "must be even");
    }
    return pixels;
  };
  StoryboardSpec made;
  made.tile_width = side("tile_width", made.tile_width);
  made.tile_height = side("tile_height", made.tile_height);
  made.columns = static_cast<int>(integer(*value, At, "columns", made.columns, 1, 16));
  return made;
}

std::optional<SubtitlesSpec> subtitles(const Value& document) {
  constexpr const char* At = "/subtitles";
  const Value* value = find(document, "subtitles");
  if (value == nullptr) {
    return std::nullopt;
  }
  const Value* streams = value->IsObject() ? find(*value, "streams") : nullptr;
  const auto isStream = [](const Value& one) { return one.IsInt() && one.GetInt() >= 0; };
  const bool good = streams != nullptr && streams->IsArray() && !streams->Empty() &&
                    streams->Size() <= 64 &&
                    std::all_of(streams->Begin(), streams->End(), isStream);
  if (!good) {
    refuse(At, "must be an object with \"streams\", a list of their numbers");
  }
  SubtitlesSpec made;
  for (const Value& one : streams->GetArray()) {
    made.streams.push_back(one.GetInt());
  }
  made.most_cues = integer(*value, At, "most_cues", made.most_cues, 1, 1'000'000);
  made.most_bytes = integer(*value, At, "most_bytes", made.most_bytes, 1, 1 << 30);
  return made;
}

void requireFormats(const Value& document) {
  const Value* formats = find(document, "formats");
  if (formats == nullptr) {
    return;
  }
  if (!formats->IsArray() || formats->Size() != 1 || !(*formats)[0].IsString() ||
      (*formats)[0] != "hls-ts") {
    throw Failure(REELD_UNSUPPORTED, "task /formats must be [\"hls-ts\"]").at("/formats");
  }
}

void requireWhole(const Spec& spec) {
  const bool has_copied = std::any_of(spec.rungs.begin(), spec.rungs.end(),
                                      [](const RungSpec& rung) { return rung.copied; });
  if (has_copied && (!spec.copies() || spec.starts.empty() || spec.audioOnly())) {
    refuse("/rungs", "has a rung that is copied: it must be alone, with a size, and have /starts");
  }
  if (!spec.starts.empty() && spec.starts.back() >= spec.frames) {
    refuse("/starts", "must lie within the title's frames");
  }
  if (spec.audio && spec.audio->beside && (!spec.audioOnly() || spec.frames == 0)) {
    refuse("/audio/beside", "is for a task with one rung without size, of a title of known length");
  }
  if (!spec.starts.empty() && spec.audio && !spec.copies() && !spec.makesAlternate() &&
      !spec.audio->ready_from) {
    refuse("/audio/ready_from", "must be given: where segments are named, the sound is made apart");
  }
  if (!spec.sound_parts.empty() && !spec.rungs.empty() && !has_copied) {
    refuse("/rungs", "must be empty or one that is copied: the task makes the sound");
  }
  if ((spec.audioOnly() || !spec.sound_parts.empty()) && !spec.audio) {
    refuse("/audio", "must be given: there is no picture to make");
  }
  if (spec.audioOnly() && spec.audio->ready_from) {
    refuse("/audio/ready_from", "is for tasks with a picture");
  }
}

}  // namespace

std::int64_t Spec::startOf(std::int64_t segment) const {
  if (starts.empty()) {
    return segment * segment_frames;
  }
  return segment < static_cast<std::int64_t>(starts.size())
             ? starts[static_cast<std::size_t>(segment)]
             : frames;
}

bool Spec::startsSegment(std::int64_t frame) const {
  return starts.empty() ? frame % segment_frames == 0
                        : std::binary_search(starts.begin(), starts.end(), frame);
}

std::optional<std::int64_t> Spec::endFrame() const {
  if (segment_count) {
    return startOf(first_segment + *segment_count);
  }
  return starts.empty() ? std::nullopt : std::optional(frames);
}

std::int64_t Spec::timeUs(std::int64_t frame) const {
  return av_rescale_q_rnd(frame, av_inv_q(fps), {1, 1'000'000}, AV_ROUND_NEAR_INF);
}

std::int64_t Spec::sampleAt(std::int64_t frame) const {
  return av_rescale_q_rnd(frame, av_inv_q(fps), {1, AudioRate}, AV_ROUND_NEAR_INF);
}

Spec parseSpec(std::string_view json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      json.data(), json.size());
  if (document.HasParseError()) {
    refuse("",
           std::string("is not JSON: ") + rapidjson::GetParseError_En(document.GetParseError()));
  }
  if (!document.IsObject()) {
    refuse("", "must be a JSON object");
  }
  requireFormats(document);
  Spec spec;
  spec.limits = limits(document);
  spec.still = still(document);
  spec.storyboard = storyboard(document);
  if (spec.still || spec.storyboard) {
    return spec;
  }
  spec.threads = static_cast<int>(integer(document, "", "threads", spec.threads, 1, 64));
  spec.decodes = flag(document, "decode");
  if (spec.decodes) {
    return spec;
  }
  spec.fps = rate(document, "fps");
  spec.subtitles = subtitles(document);
  if (spec.subtitles) {
    spec.audio = audio(document);
    return spec;
  }
  spec.segment_frames =
      static_cast<int>(integer(document, "", "segment_frames", spec.segment_frames, 1, 100'000));
  spec.first_segment = integer(document, "", "first_segment", 0, 0, MostSegments);
  if (find(document, "segment_count") != nullptr) {
    spec.segment_count = integer(document, "", "segment_count", 0, 1, MostSegments);
  }
  spec.frames = integer(document, "", "frames", 0, 0, MostSegments * 1000);
  spec.starts = rising(document, "starts", MostSegments * 1000);
  spec.sound_parts = rising(document, "sound_parts", MostSegments);
  if (spec.sound_parts.empty() || !isEmptyList(document, "rungs")) {
    spec.rungs = rungs(document);
  }
  spec.preset = text(document, "", "preset", spec.preset);
  spec.audio = audio(document);
  spec.poster = flag(document, "poster");
  spec.decode_all = flag(document, "decode_all");
  spec.beginning_apart = flag(document, "beginning_apart");
  spec.seek = flag(document, "seek");
  requireWhole(spec);
  return spec;
}

}  // namespace reeld::libav
