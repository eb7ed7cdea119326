// The tracks of sound a viewer chooses from, as the plan of an encoding describes them and as
// playlists and manifests name them. Pure.
#pragma once
#include "base/json.h"

#include <functional>
#include <map>
#include <string>

namespace reeld::playback {

enum class SoundPurpose { Dialogue, Commentary, Description, ClearSpeech };

struct SoundFacts {
  std::string label = "audio";
  std::string language;  ///< BCP 47, or empty
  SoundPurpose purpose = SoundPurpose::Dialogue;
};

struct Sounds {
  SoundFacts main;                                            ///< heard with the pictures
  std::map<std::string, SoundFacts, std::less<>> alternates;  ///< by their renditions' names
};

/// A plan as processing keeps it with its encoding; those of earlier releases name none.
Sounds soundsOf(const Json& plan);

}  // namespace reeld::playback
