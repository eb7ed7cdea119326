#include "playback/dash_manifest.h"

#include "playback/xml_text.h"

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

/// What tells one of several tracks of sound from the others (DASH-IF IOP, ETSI TS 103 285).
std::string soundDescription(const SoundFacts& facts, bool is_main) {
  const auto role = [](const char* value) {
    return std::string("<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"") + value + "\"/>";
  };
  const auto accessibility = [](const char* value) {
    return std::string(
               "<Accessibility schemeIdUri=\"urn:tva:metadata:cs:AudioPurposeCS:2007\" "
               "value=\"") +
           value + "\"/>";
  };
  std::string text = "<Label>" + escaped(facts.label) + "</Label>";
  switch (facts.purpose) {
    case SoundPurpose::Commentary:
      return text + role("commentary");
    case SoundPurpose::Description:
      return text + accessibility("1") + role("description");
    case SoundPurpose::ClearSpeech:
      return text + accessibility("2") + role(is_main ? "main" : "alternate");
    case SoundPurpose::Dialogue:
      break;
  }
  return text + role(is_main ? "main" : "alternate");
}

struct Set {
  std::vector<CmafTrack> tracks;
  std::string description;
};

/// Pictures are one set, each track of sound is one; only where there are several they are
/// described.
std::vector<Set> setsOf(const Media& media) {
  std::vector<Set> sets;
  for (CmafTrack& track : cmafTracks(media)) {
    if (sets.empty() || track.is_sound) {
      const bool is_main = sets.empty() || !sets.back().tracks.front().is_sound;
      sets.push_back({{},
                      track.is_sound && !media.alternates.empty()
                          ? soundDescription(*track.facts, is_main) + "\n"
                          : ""});
    }
    sets.back().tracks.push_back(std::move(track));
  }
  return sets;
}

/// Renditions are cut alike, so one template serves them all.
std::string adaptationSet(const Media& media, const Set& set, int id) {
  const auto& tracks = set.tracks;
  const bool is_sound = tracks.front().is_sound;
  const std::string kind = is_sound ? "audio" : "video";
  std::string text = "<AdaptationSet id=\"" + std::to_string(id) + "\" contentType=\"" + kind +
                     "\" mimeType=\"" + kind + "/mp4\"";
  text += is_sound && !tracks.front().facts->language.empty()
              ? " lang=\"" + escaped(tracks.front().facts->language) + "\""
              : "";
  text += " segmentAlignment=\"true\" startWithSAP=\"1\">\n" + set.description +
          segmentTemplate(timelineOf(media, tracks.front()));
  for (const CmafTrack& track : tracks) {
    text += representation(media, track);
  }
  return text + "</AdaptationSet>\n";
}

}  // namespace

std::string dashManifest(const Media& media, const std::string& base) {
  const std::vector<Set> sets = setsOf(media);
  const CmafTimeline longest =
      sets.empty() ? CmafTimeline{} : timelineOf(media, sets.front().tracks.front());
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
  for (const Set& set : sets) {
    text += adaptationSet(media, set, id++);
  }
  for (const Subtitles& subtitles : media.subtitles) {
    text += dashSubtitles(subtitles, id++);
  }
  return text + "</Period>\n</MPD>\n";
}

}  // namespace reeld::playback
