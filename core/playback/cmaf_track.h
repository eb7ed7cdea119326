// An encoding as CMAF plays it: pictures and sound apart, each a track of segments on one time
// line. Made of the renditions as they are stored, whose segments are the same. Pure.
#pragma once
#include "playback/media.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::playback {

struct CmafTrack {
  std::string name;  ///< the rendition's; "audio" for sound
  bool is_sound = false;
  const MediaRendition* stored = nullptr;  ///< what its segments are taken from; the media's
  const SoundFacts* facts = nullptr;       ///< of sound; the media's

  /// It is stored without pictures, and counted in packets.
  bool isStoredAlone() const { return stored->variant.width == 0; }
};

/// Pictures, smallest first, then sound: that of the pictures first.
std::vector<CmafTrack> cmafTracks(const Media& media);
std::optional<CmafTrack> findCmafTrack(const Media& media, std::string_view name);

/// The codec of the track alone, of a rendition's "avc1.4d401e,mp4a.40.2".
std::string codecOf(const CmafTrack& track);

struct CmafTimeline {
  std::int64_t timescale = 1;           ///< ticks per second
  std::vector<std::int64_t> durations;  ///< ticks of each segment; they begin at 0, without gaps
};
CmafTimeline timelineOf(const Media& media, const CmafTrack& track);

/// The first picture of a segment, or packet of sound alone, counted from the rendition's first.
std::int64_t firstFrameOf(const MediaRendition& rendition, std::size_t number);

/// "7.m4s" -> 7, if there is such a segment; nothing for any other name.
std::optional<std::size_t> cmafSegment(const CmafTrack& track, std::string_view file_name);

}  // namespace reeld::playback
