// The plan as JSON: the spec an encoder plugin is given, and the form kept with the encoding.
#include "base/error.h"
#include "processing/ladder.h"

namespace reeld::processing {

namespace {

Json pair(const Ratio& ratio) { return Json(Json::Array{Json(ratio.num), Json(ratio.den)}); }

Json rungSpec(const Rung& rung, const LadderSettings& settings, bool audio_only) {
  Json json;
  json.set("name", rung.name);
  if (!audio_only) {
    json.set("width", rung.width);
    json.set("height", rung.height);
    json.set("crf", settings.crf);
    json.set("maxrate", rung.maxrate);
    json.set("bufsize", rung.bufsize);
    json.set("profile", rung.profile);
  }
  if (rung.making == Making::Copied) {
    json.set("copy", true);
  }
  return json;
}

const Json& planMember(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) {
    throw Error(ErrorCode::Corrupt, "a stored plan lacks \"" + std::string(name) + "\"");
  }
  return *found;
}

}  // namespace

Json Plan::spec(const LadderSettings& settings) const {
  Json json;
  json.set("fps", pair(fps));
  json.set("segment_frames", segment_frames);
  json.set("first_segment", 0);
  json.set("segment_count", nullptr);
  json.set("frames", frames);
  if (copies()) {
    json.set("starts", Json::Array(starts.begin(), starts.end()));
  }
  Json::Array made;
  for (const Rung& rung : rungs) {
    made.push_back(rungSpec(rung, settings, audio_only));
  }
  json.set("rungs", std::move(made));
  json.set("preset", settings.preset);
  json.set("threads", settings.threads);
  Json audio;
  if (audio_stream) {
    audio.set("stream", *audio_stream);
    audio.set("bitrate", settings.audio_bitrate);
    audio.set("sample_rate", 48'000);
    audio.set("channels", 2);
  }
  json.set("audio", std::move(audio));
  json.set("formats", Json::Array(settings.formats.begin(), settings.formats.end()));
  json.set("poster", true);
  Json limits;
  limits.set("max_pixels", settings.max_pixels);
  limits.set("max_duration_ms", settings.max_duration_ms);
  limits.set("max_gap_ms", 30'000);
  limits.set("max_streams", 32);
  json.set("limits", std::move(limits));
  return json;
}

Json Plan::toJson() const {
  Json json;
  json.set("fps", pair(fps));
  json.set("segment_frames", segment_frames);
  json.set("target_duration", target_duration);
  json.set("duration_ms", duration_ms);
  json.set("frames", frames);
  json.set("starts", Json::Array(starts.begin(), starts.end()));
  json.set("split", split);
  json.set("audio_only", audio_only);
  json.set("audio_stream", audio_stream ? Json(*audio_stream) : Json());
  json.set("sounds", sounds.toJson());
  Json::Array made;
  for (const Rung& rung : rungs) {
    Json one;
    one.set("name", rung.name);
    one.set("width", rung.width);
    one.set("height", rung.height);
    one.set("maxrate", rung.maxrate);
    one.set("bufsize", rung.bufsize);
    one.set("profile", rung.profile);
    one.set("copied", rung.making == Making::Copied);
    made.push_back(std::move(one));
  }
  json.set("rungs", std::move(made));
  return json;
}

Plan Plan::fromJson(const Json& json) {
  Plan plan;
  const Json::Array& rate = planMember(json, "fps").array();
  plan.fps = {rate.at(0).integer(), rate.at(1).integer()};
  plan.segment_frames = planMember(json, "segment_frames").integer();
  plan.target_duration = static_cast<int>(planMember(json, "target_duration").integer());
  plan.duration_ms = planMember(json, "duration_ms").integer();
  plan.audio_only = planMember(json, "audio_only").boolean();
  // Plans of earlier releases were made in one piece.
  if (const Json* split = json.find("split")) {
    plan.split = split->boolean();
    plan.frames = planMember(json, "frames").integer();
  }
  if (const Json* starts = json.find("starts")) {
    for (const Json& start : starts->array()) {
      plan.starts.push_back(start.integer());
    }
  }
  const Json& stream = planMember(json, "audio_stream");
  if (!stream.isNull()) {
    plan.audio_stream = static_cast<int>(stream.integer());
  }
  plan.sounds = Sounds::fromJson(json.find("sounds"));
  for (const Json& one : planMember(json, "rungs").array()) {
    Rung rung;
    rung.name = planMember(one, "name").text();
    rung.width = static_cast<int>(planMember(one, "width").integer());
    rung.height = static_cast<int>(planMember(one, "height").integer());
    rung.maxrate = planMember(one, "maxrate").integer();
    rung.bufsize = planMember(one, "bufsize").integer();
    rung.profile = planMember(one, "profile").text();
    const Json* copied = one.find("copied");
    rung.making = copied != nullptr && copied->boolean() ? Making::Copied : Making::Encoded;
    plan.rungs.push_back(std::move(rung));
  }
  return plan;
}

}  // namespace reeld::processing
