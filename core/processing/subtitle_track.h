// The subtitles of a title: one track for each of its source's, told apart for people and players,
// and of those that cannot be had why.
#pragma once
#include "processing/encoding.h"
#include "processing/source_facts.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::processing {

struct SubtitleTrack {
  std::int64_t number = 0;  ///< from 1, in the order of the file
  int stream = 0;           ///< of the source
  std::string language;     ///< BCP 47; empty = unknown
  std::string name;         ///< no other wanted track has it
  bool is_default = false;  ///< of one at most
  bool is_forced = false;   ///< only what a viewer who understands the sound has to read
  bool for_hearing_impaired = false;
  std::int64_t cues = 0;
  std::int64_t bytes = 0;
  std::string storage_key;  ///< empty as long as it is not made, and for good if it is left out
  std::string note;         ///< why it is left out, or what of it is

  bool isLeftOut() const noexcept { return storage_key.empty() && !note.empty(); }
};

/// What is to be made, with the notes of what is not. Pure.
std::vector<SubtitleTrack> subtitleTracks(const std::vector<SubtitleFacts>& facts);

/// What an encoder is asked for: the streams of those that are to be made.
std::vector<SubtitleTrack> wanted(std::vector<SubtitleTrack> tracks);

}  // namespace reeld::processing
