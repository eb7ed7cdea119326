#include "playback/sounds.h"

#include "base/error.h"

#include <algorithm>
#include <array>

namespace reeld::playback {

namespace {

constexpr std::array<std::string_view, 4> Words = {"dialogue", "commentary", "description",
                                                   "clear-speech"};

const std::string& textOf(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) {
    throw Error(ErrorCode::Corrupt, "a stored plan's sound lacks \"" + std::string(name) + "\"");
  }
  return found->text();
}

SoundFacts factsOf(const Json& json) {
  const auto word = std::find(Words.begin(), Words.end(), textOf(json, "purpose"));
  return {textOf(json, "label"), textOf(json, "language"),
          word != Words.end() ? static_cast<SoundPurpose>(word - Words.begin())
                              : SoundPurpose::Dialogue};
}

}  // namespace

Sounds soundsOf(const Json& plan) {
  Sounds sounds;
  const Json* said = plan.find("sounds");
  if (said == nullptr) {
    return sounds;
  }
  const Json* main = said->find("main");
  if (main != nullptr && !main->isNull()) {
    sounds.main = factsOf(*main);
  }
  if (const Json* others = said->find("alternates")) {
    for (const Json& one : others->array()) {
      sounds.alternates.emplace(textOf(one, "name"), factsOf(one));
    }
  }
  return sounds;
}

}  // namespace reeld::playback
