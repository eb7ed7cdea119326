// One encoding as it is played: its playlists as text and its segments' storage keys. Made from
// rows once, shared by every request, never changed.
#pragma once
#include "playback/playlist.h"
#include "playback/storyboard.h"
#include "playback/subtitles.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::playback {

struct MediaRendition {
  std::string name;                          ///< 720p
  Variant variant;                           ///< uri relative to the master
  std::shared_ptr<const std::string> index;  ///< index.m3u8
  std::vector<std::string> segment_keys;     ///< by number
  std::vector<std::int64_t> segment_frames;  ///< pictures of each; packets where there are none
  std::vector<std::int64_t> segment_us;      ///< how long each is shown
};

/// A track of sound beside the one that is heard with the pictures.
struct AlternateSound {
  MediaRendition rendition;
  SoundFacts facts;
};

/// What the plan of an encoding says of its time line.
struct MediaClock {
  std::int64_t fps_num = 25;
  std::int64_t fps_den = 1;
  int target_duration = 0;  ///< seconds no segment exceeds
};

struct Media {
  std::int64_t encoding_id = 0;
  std::int64_t video_id = 0;
  bool complete = false;
  MediaClock clock;
  std::shared_ptr<const std::string> master;  ///< master.m3u8, URLs relative to it
  std::vector<MediaRendition> renditions;     ///< smallest first
  std::vector<Subtitles> subtitles;           ///< of a complete one
  std::optional<Storyboard> storyboard;       ///< made once it is complete, so perhaps later
  SoundFacts sound;                           ///< within the renditions, where they have any
  std::vector<AlternateSound> alternates;     ///< of a complete one

  /// [hot]. A rendition, or one of sound alone beside them; nullptr for an unknown name.
  const MediaRendition* find(std::string_view rendition) const noexcept;
  /// [hot]. Of renditions alone, but 480p, 720p and 1080p always name one: the largest that is no
  /// larger, else the smallest. nullptr for any other name that is none, and of what has no
  /// rendition.
  const MediaRendition* closest(std::string_view rendition) const noexcept;
  /// The master with every URL below `base` ("/media/g/<grant>/<encoding>/hls/"), for an answer
  /// elsewhere.
  std::string masterBelow(const std::string& base) const;
};

/// [hot]. The storage key of "segment_NNN.ts", nullptr for any other name or number.
const std::string* segmentKey(const MediaRendition& rendition, std::string_view file_name) noexcept;

}  // namespace reeld::playback
