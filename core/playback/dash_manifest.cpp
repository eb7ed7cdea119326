#include "playback/dash_manifest.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <numeric>

namespace reeld::playback {

namespace {

/// As all sound is encoded, and a little for its fragments.
constexpr std::int64_t SoundBandwidth = 136'000;

/// "PT17.280S".
std::string duration(std::int64_t ticks, std::int64_t timescale) {
  const std::int64_t ms = (ticks * 1000 + timescale / 2) / timescale;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "PT%" PRId64 ".%03" PRId64 "S", ms / 1000, ms % 1000);
  return text.data();
}

std::int64_t sum(const CmafTimeline& timeline) {
  return std::accumulate(timeline.durations.begin(), timeline.durations.end(), std::int64_t{0});
}

/// Equal durations in a row are said once.
std::string segmentTimeline(const CmafTimeline& timeline) {
  std::string text;
  for (std::size_t at = 0; at < timeline.durations.size();) {
    std::size_t next = at;
    while (next < timeline.durations.size() && timeline.durations[next] == timeline.durations[at]) {
      ++next;
    }
    text += at == 0 ? "<S t=\"0\" d=\"" : "<S d=\"";
    text += std::to_string(timeline.durations[at]) + "\"";
    if (next - at > 1) {
      text += " r=\"" + std::to_string(next - at - 1) + "\"";
    }
    text += "/>";
    at = next;
  }
  return "<SegmentTimeline>" + text + "</SegmentTimeline>";
}

std::string segmentTemplate(const CmafTimeline& timeline) {
  return "<SegmentTemplate timescale=\"" + std::to_string(timeline.timescale) +
         "\" startNumber=\"0\" initialization=\"$RepresentationID$/init.mp4\" "
         "media=\"$RepresentationID$/$Number$.m4s\">" +
         segmentTimeline(timeline) + "</SegmentTemplate>\n";
}

std::string representation(const Media& media, const CmafTrack& track) {
  const Variant& variant = track.stored->variant;
  std::string text = "<Representation id=\"" + track.name + "\" codecs=\"" + codecOf(track) + "\"";
  if (track.is_sound) {
    return text + " bandwidth=\"" + std::to_string(SoundBandwidth) +
           "\" audioSamplingRate=\"48000\"><AudioChannelConfiguration "
           "schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"2\"/>"
           "</Representation>\n";
  }
  text += " bandwidth=\"" + std::to_string(variant.bandwidth) + "\" width=\"" +
          std::to_string(variant.width) + "\" height=\"" + std::to_string(variant.height) +
          "\" frameRate=\"" + std::to_string(media.clock.fps_num);
  text += media.clock.fps_den == 1 ? "" : "/" + std::to_string(media.clock.fps_den);
  return text + "\" sar=\"1:1\"/>\n";
}

/// Renditions are cut alike, so one template serves them all.
std::string adaptationSet(const Media& media, const std::vector<CmafTrack>& tracks, int id) {
  const std::string kind = tracks.front().is_sound ? "audio" : "video";
  std::string text = "<AdaptationSet id=\"" + std::to_string(id) + "\" contentType=\"" + kind +
                     "\" mimeType=\"" + kind +
                     "/mp4\" segmentAlignment=\"true\" startWithSAP=\"1\">\n" +
                     segmentTemplate(timelineOf(media, tracks.front()));
  for (const CmafTrack& track : tracks) {
    text += representation(media, track);
  }
  return text + "</AdaptationSet>\n";
}

}  // namespace

std::string dashManifest(const Media& media, const std::string& base) {
  std::vector<CmafTrack> pictures = cmafTracks(media);
  std::vector<CmafTrack> sound;
  if (!pictures.empty() && pictures.back().is_sound) {
    sound.push_back(std::move(pictures.back()));
    pictures.pop_back();
  }
  const CmafTimeline longest =
      pictures.empty() && sound.empty()
          ? CmafTimeline{}
          : timelineOf(media, pictures.empty() ? sound.front() : pictures.front());
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
      "profiles=\"urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019\" "
      "type=\"static\" minBufferTime=\"PT2.000S\" mediaPresentationDuration=\"" +
      duration(sum(longest), longest.timescale) + "\" maxSegmentDuration=\"" +
      duration(media.clock.target_duration, 1) + "\">\n";
  text += base.empty() ? "" : "<BaseURL>" + base + "</BaseURL>\n";
  text += "<Period id=\"0\" start=\"PT0S\">\n";
  int id = 0;
  for (const auto& tracks : {pictures, sound}) {
    text += tracks.empty() ? "" : adaptationSet(media, tracks, id++);
  }
  for (const Subtitles& subtitles : media.subtitles) {
    text += dashSubtitles(subtitles, id++);
  }
  return text + "</Period>\n</MPD>\n";
}

}  // namespace reeld::playback
