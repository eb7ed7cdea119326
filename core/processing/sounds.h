// Which of a source's tracks of sound are heard: one with the pictures, the others for whoever
// chooses them. Pure and deterministic: the choice is made once, with the plan, and kept in it.
#pragma once
#include "base/json.h"
#include "processing/source_facts.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::processing {

struct Sound {
  int stream = 0;
  std::string name;      ///< of its rendition, "audio-2"; empty of the one in the pictures
  std::string language;  ///< BCP 47, or empty
  std::string label;     ///< to choose it by: no two of a title have the same, and no quotes
  SoundPurpose purpose = SoundPurpose::Dialogue;
};

struct SoundLeftOut {
  int stream = 0;
  std::string why;
};

struct Sounds {
  std::optional<Sound> main;
  std::vector<Sound> alternates;
  std::vector<SoundLeftOut> left_out;

  Json toJson() const;
  /// Of plans of earlier releases: none.
  static Sounds fromJson(const Json* json);
};

/// As many tracks of a title are made, with the main one.
inline constexpr std::size_t MostSounds = 8;

/// The main one is that which the file says to play by default; of several, or of none, the one of
/// most channels, then the first. Commentaries and descriptions are so only where there is nothing
/// else.
Sounds chooseSounds(const SourceFacts& facts);

}  // namespace reeld::processing
