#include "playback/cmaf_track.h"

#include "cmaf/init_segment.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace reeld::playback {

namespace {

constexpr const char* SoundName = "audio";
constexpr std::string_view SoundCodec = "mp4a";

bool hasSound(const MediaRendition& rendition) {
  return rendition.variant.codecs.find(SoundCodec) != std::string::npos;
}

/// The sound is the same in every rendition; while the title grows they have not got equally far,
/// and a playlist that has been handed out may not lose what another begins to have.
const MediaRendition* longestWithSound(const Media& media) {
  const MediaRendition* longest = nullptr;
  for (const MediaRendition& rendition : media.renditions) {
    if (hasSound(rendition) &&
        (longest == nullptr || rendition.segment_keys.size() > longest->segment_keys.size())) {
      longest = &rendition;
    }
  }
  return longest;
}

/// The first packet of sound that begins at or after this picture.
std::int64_t packetAt(const MediaClock& clock, std::int64_t frame) {
  const std::int64_t per_second = clock.fps_num;
  const std::int64_t samples =
      (frame * clock.fps_den * cmaf::SoundRate + per_second / 2) / per_second;
  return (samples + cmaf::PacketSamples - 1) / cmaf::PacketSamples;
}

/// Where each segment begins and the last one ends, in packets. Of sound alone they are counted;
/// the first of them comes before the start.
std::vector<std::int64_t> packetBoundaries(const Media& media, const CmafTrack& track) {
  std::vector<std::int64_t> boundaries{0};
  std::int64_t counted = 0;
  for (const std::int64_t count : track.stored->segment_frames) {
    counted += count;
    boundaries.push_back(track.isStoredAlone() ? counted - 1 : packetAt(media.clock, counted));
  }
  return boundaries;
}

}  // namespace

std::vector<CmafTrack> cmafTracks(const Media& media) {
  std::vector<CmafTrack> tracks;
  for (const MediaRendition& rendition : media.renditions) {
    if (rendition.variant.width > 0) {
      tracks.push_back({rendition.name, false, &rendition});
    }
  }
  if (const MediaRendition* sound = longestWithSound(media)) {
    tracks.push_back({SoundName, true, sound, &media.sound});
  }
  for (const AlternateSound& sound : media.alternates) {
    tracks.push_back({sound.rendition.name, true, &sound.rendition, &sound.facts});
  }
  return tracks;
}

std::optional<CmafTrack> findCmafTrack(const Media& media, std::string_view name) {
  for (CmafTrack& track : cmafTracks(media)) {
    if (track.name == name) {
      return std::move(track);
    }
  }
  return std::nullopt;
}

std::string codecOf(const CmafTrack& track) {
  const std::string& both = track.stored->variant.codecs;
  const auto comma = both.find(',');
  if (comma == std::string::npos) {
    return both;
  }
  return track.is_sound ? both.substr(comma + 1) : both.substr(0, comma);
}

CmafTimeline timelineOf(const Media& media, const CmafTrack& track) {
  CmafTimeline timeline;
  if (!track.is_sound) {
    timeline.timescale = media.clock.fps_num;
    for (const std::int64_t frames : track.stored->segment_frames) {
      timeline.durations.push_back(frames * media.clock.fps_den);
    }
    return timeline;
  }
  timeline.timescale = cmaf::SoundRate;
  const auto boundaries = packetBoundaries(media, track);
  for (std::size_t i = 1; i < boundaries.size(); ++i) {
    timeline.durations.push_back((boundaries[i] - boundaries[i - 1]) * cmaf::PacketSamples);
  }
  // So little may be left at the end that no packet begins in it.
  while (!timeline.durations.empty() && timeline.durations.back() <= 0) {
    timeline.durations.pop_back();
  }
  return timeline;
}

std::int64_t firstFrameOf(const MediaRendition& rendition, std::size_t number) {
  return std::accumulate(rendition.segment_frames.begin(),
                         rendition.segment_frames.begin() + static_cast<std::ptrdiff_t>(number),
                         std::int64_t{0});
}

std::optional<std::size_t> cmafSegment(const CmafTrack& track, std::string_view name) {
  constexpr std::string_view End = ".m4s";
  if (!name.ends_with(End)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(0, name.size() - End.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // One name per segment.
  const bool canonical = digits == "0" || (!digits.empty() && digits.front() != '0');
  if (error != std::errc() || end != digits.data() + digits.size() || !canonical ||
      number >= track.stored->segment_keys.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace reeld::playback
