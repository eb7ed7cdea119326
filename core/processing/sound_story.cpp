#include "processing/sound_story.h"

#include "processing/encoding_repository.h"
#include "processing/job_kinds.h"
#include "processing/ladder.h"
#include "processing/part_repository.h"

#include <algorithm>

namespace reeld::processing {

namespace {

std::string soundName(const Sound& sound) {
  return "stream " + std::to_string(sound.stream) + ", " + sound.label +
         (sound.language.empty() ? "" : " [" + sound.language + "]");
}

std::string fateOf(const Sound& sound, const std::vector<Rendition>& made,
                   const std::vector<DiscardedPart>& discarded) {
  const auto given_up =
      std::find_if(discarded.begin(), discarded.end(), [&](const DiscardedPart& part) {
        const Json* name = part.args.find("sound");
        return name != nullptr && name->isString() && name->text() == sound.name;
      });
  if (given_up != discarded.end()) {
    return "is left out: " + given_up->last_error;
  }
  const auto rendition = std::find_if(made.begin(), made.end(),
                                      [&](const Rendition& one) { return one.name == sound.name; });
  const std::size_t segments = rendition != made.end() ? rendition->segments.size() : 0;
  return segments == 0 ? "is not made yet" : std::to_string(segments) + " segments";
}

}  // namespace

std::vector<std::string> tellSounds(db::Session& session, const Encoding& encoding) {
  const Sounds sounds = Plan::fromJson(Json::parse(encoding.plan)).sounds;
  std::vector<std::string> sentences;
  if (sounds.main && !sounds.alternates.empty()) {
    sentences.push_back("the sound in its pictures is " + soundName(*sounds.main));
    const auto made = loadAlternates(session, encoding.id);
    const auto discarded = discardedParts(session, encoding.id, AlternateKind);
    for (const Sound& sound : sounds.alternates) {
      sentences.push_back("beside it " + sound.name + ": " + soundName(sound) + ", " +
                          fateOf(sound, made, discarded));
    }
  }
  for (const SoundLeftOut& one : sounds.left_out) {
    sentences.push_back("the sound of stream " + std::to_string(one.stream) +
                        " is left out: " + one.why);
  }
  return sentences;
}

}  // namespace reeld::processing
