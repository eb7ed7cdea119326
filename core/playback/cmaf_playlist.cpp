#include "playback/cmaf_playlist.h"

namespace reeld::playback {

std::string cmafMaster(const Media& media, const std::string& base) {
  std::vector<Variant> variants;
  std::vector<ListedSound> sounds;
  for (const CmafTrack& track : cmafTracks(media)) {
    const std::string uri = base + track.name + "/index.m3u8";
    const bool is_first_sound = track.is_sound && sounds.empty();
    const bool is_alone = is_first_sound && track.isStoredAlone();
    if (!track.is_sound || is_alone) {
      variants.push_back(track.stored->variant);
      variants.back().uri = uri;
    }
    if (track.is_sound) {
      sounds.push_back({is_alone ? "" : uri, *track.facts, is_first_sound});
    }
  }
  return masterPlaylist(variants, sounds, listedSubtitles(media.subtitles, base));
}

std::string cmafIndex(const Media& media, const CmafTrack& track) {
  const CmafTimeline timeline = timelineOf(media, track);
  std::vector<ListedSegment> listed;
  // Rounded from the title's start, so that what is rounded does not add up.
  std::int64_t ticks = 0;
  std::int64_t begin_us = 0;
  for (const std::int64_t duration : timeline.durations) {
    ticks += duration;
    const std::int64_t end_us = (ticks * 1'000'000 + timeline.timescale / 2) / timeline.timescale;
    listed.push_back({std::to_string(listed.size()) + ".m4s", end_us - begin_us});
    begin_us = end_us;
  }
  return mediaPlaylist(media.clock.target_duration, listed, media.complete, "init.mp4");
}

}  // namespace reeld::playback
