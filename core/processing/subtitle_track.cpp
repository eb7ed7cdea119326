#include "processing/subtitle_track.h"

#include "base/language.h"
#include "base/track_name.h"

#include <algorithm>
#include <set>

namespace reeld::processing {

namespace {

constexpr std::size_t MostTracks = 16;
constexpr std::size_t LongestName = 80;

std::string subtitleName(const SubtitleFacts& facts, const std::string& language) {
  if (std::string title = trackName(facts.title, LongestName); !title.empty()) {
    return title;
  }
  std::string name = language.empty() ? "Subtitles" : languageName(language);
  name += facts.is_forced ? " (forced)" : "";
  name += facts.for_hearing_impaired ? " (SDH)" : "";
  return name;
}

std::string without(const std::string& name, const std::set<std::string>& taken) {
  std::string free = name;
  for (int i = 2; taken.contains(free); ++i) {
    free = name + " " + std::to_string(i);
  }
  return free;
}

}  // namespace

std::vector<SubtitleTrack> subtitleTracks(const std::vector<SubtitleFacts>& facts) {
  std::vector<SubtitleTrack> tracks;
  std::set<std::string> names;
  bool has_default = false;
  std::size_t made = 0;
  for (const SubtitleFacts& one : facts) {
    SubtitleTrack& track = tracks.emplace_back();
    track.number = static_cast<std::int64_t>(tracks.size());
    track.stream = one.stream;
    track.language = languageTag(one.language);
    track.is_forced = one.is_forced;
    track.for_hearing_impaired = one.for_hearing_impaired;
    track.name = subtitleName(one, track.language);
    if (!one.is_text) {
      track.note = "they are pictures (" + one.codec + "), not text";
    } else if (made == MostTracks) {
      track.note = "there are more than " + std::to_string(MostTracks);
    } else {
      ++made;
      track.name = without(track.name, names);
      names.insert(track.name);
      track.is_default = one.is_default && !has_default;
      has_default = has_default || track.is_default;
    }
  }
  return tracks;
}

std::vector<SubtitleTrack> wanted(std::vector<SubtitleTrack> tracks) {
  std::erase_if(tracks, [](const SubtitleTrack& track) { return track.isLeftOut(); });
  return tracks;
}

}  // namespace reeld::processing
