#include "processing/sounds.h"

#include "base/error.h"
#include "base/language.h"
#include "base/track_name.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace reeld::processing {

namespace {

constexpr std::size_t LongestLabel = 60;

bool isForAll(const AudioFacts& track) {
  return track.purpose == SoundPurpose::Dialogue || track.purpose == SoundPurpose::ClearSpeech;
}

/// The greater is the better main sound.
auto worth(const AudioFacts& track) {
  return std::tuple(isForAll(track), track.is_default, track.channels);
}

std::string_view said(SoundPurpose purpose) {
  switch (purpose) {
    case SoundPurpose::Commentary:
      return "commentary";
    case SoundPurpose::Description:
      return "audio description";
    case SoundPurpose::ClearSpeech:
      return "clear speech";
    case SoundPurpose::Dialogue:
      break;
  }
  return "";
}

std::string withNote(const std::string& text, std::string_view note) {
  return note.empty() ? text : text + " (" + std::string(note) + ")";
}

std::string labelOf(const AudioFacts& track, const std::string& language, std::size_t number) {
  const std::string title = trackName(track.title, LongestLabel);
  if (!title.empty()) {
    return title;
  }
  const std::string name =
      language.empty() ? "Audio " + std::to_string(number) : languageName(language);
  return withNote(name, said(track.purpose));
}

/// Tracks of several languages may all be called "Stereo", and those of one language nothing else.
void tellApart(std::vector<Sound*> sounds) {
  std::multiset<std::string> given;
  for (const Sound* sound : sounds) {
    given.insert(sound->label);
  }
  for (Sound* sound : sounds) {
    if (given.count(sound->label) > 1 && !sound->language.empty() &&
        languageName(sound->language) != sound->label) {
      sound->label = withNote(languageName(sound->language), sound->label);
    }
  }
  std::set<std::string> taken;
  for (Sound* sound : sounds) {
    const std::string label = sound->label;
    for (int number = 2; !taken.insert(sound->label).second; ++number) {
      sound->label = label + " " + std::to_string(number);
    }
  }
}

constexpr std::array<std::string_view, 4> PurposeWords = {"dialogue", "commentary", "description",
                                                          "clear-speech"};

SoundPurpose parsePurpose(const std::string& text) {
  const auto found = std::find(PurposeWords.begin(), PurposeWords.end(), text);
  return found != PurposeWords.end() ? static_cast<SoundPurpose>(found - PurposeWords.begin())
                                     : SoundPurpose::Dialogue;
}

const Json& soundMember(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) {
    throw Error(ErrorCode::Corrupt, "a stored plan's sound lacks \"" + std::string(name) + "\"");
  }
  return *found;
}

Json soundJson(const Sound& sound) {
  Json json;
  json.set("stream", sound.stream);
  json.set("name", sound.name);
  json.set("language", sound.language);
  json.set("label", sound.label);
  json.set("purpose", PurposeWords[static_cast<std::size_t>(sound.purpose)]);
  return json;
}

Sound soundIn(const Json& json) {
  return {static_cast<int>(soundMember(json, "stream").integer()), soundMember(json, "name").text(),
          soundMember(json, "language").text(), soundMember(json, "label").text(),
          parsePurpose(soundMember(json, "purpose").text())};
}

}  // namespace

Sounds chooseSounds(const SourceFacts& facts) {
  Sounds sounds;
  const auto best =
      std::max_element(facts.audio.begin(), facts.audio.end(),
                       [](const auto& a, const auto& b) { return worth(a) < worth(b); });
  std::size_t number = 0;
  for (const AudioFacts& track : facts.audio) {
    Sound sound;
    sound.stream = track.stream;
    sound.language = languageTag(track.language);
    sound.label = labelOf(track, sound.language, ++number);
    sound.purpose = track.purpose;
    if (&track == &*best) {
      sounds.main = std::move(sound);
    } else if (sounds.alternates.size() + 1 < MostSounds) {
      sound.name = "audio-" + std::to_string(sounds.alternates.size() + 2);
      sounds.alternates.push_back(std::move(sound));
    } else {
      sounds.left_out.push_back(
          {track.stream, "a title has at most " + std::to_string(MostSounds) + " tracks of sound"});
    }
  }
  std::vector<Sound*> made;
  if (sounds.main) {
    made.push_back(&*sounds.main);
  }
  for (Sound& sound : sounds.alternates) {
    made.push_back(&sound);
  }
  tellApart(std::move(made));
  for (const UndecodableSound& track : facts.undecodable) {
    sounds.left_out.push_back(
        {track.stream,
         "it is coded as " + trackName(track.codec, LongestLabel) + ", which is not supported"});
  }
  return sounds;
}

Json Sounds::toJson() const {
  Json json;
  json.set("main", main ? soundJson(*main) : Json());
  Json::Array others;
  for (const Sound& sound : alternates) {
    others.push_back(soundJson(sound));
  }
  json.set("alternates", std::move(others));
  Json::Array without;
  for (const SoundLeftOut& one : left_out) {
    Json entry;
    entry.set("stream", one.stream);
    entry.set("why", one.why);
    without.push_back(std::move(entry));
  }
  json.set("left_out", std::move(without));
  return json;
}

Sounds Sounds::fromJson(const Json* json) {
  Sounds sounds;
  if (json == nullptr) {
    return sounds;
  }
  const Json& main = soundMember(*json, "main");
  if (!main.isNull()) {
    sounds.main = soundIn(main);
  }
  for (const Json& one : soundMember(*json, "alternates").array()) {
    sounds.alternates.push_back(soundIn(one));
  }
  for (const Json& one : soundMember(*json, "left_out").array()) {
    sounds.left_out.push_back(
        {static_cast<int>(soundMember(one, "stream").integer()), soundMember(one, "why").text()});
  }
  return sounds;
}

}  // namespace reeld::processing
