#include "playback/playlist.h"

#include <cinttypes>
#include <cstdio>
#include <set>
#include <utility>

namespace reeld::playback {

namespace {
template <class... Values>
std::string print(const char* format, Values... values) {
  char buffer[96];
  const int size = std::snprintf(buffer, sizeof buffer, format, values...);
  return {buffer, static_cast<std::size_t>(size)};
}

const char* characteristics(SoundPurpose purpose) {
  switch (purpose) {
    case SoundPurpose::Description:
      return "public.accessibility.describes-video";
    case SoundPurpose::ClearSpeech:
      return "public.accessibility.enhances-speech-intelligibility";
    case SoundPurpose::Dialogue:
    case SoundPurpose::Commentary:
      break;
  }
  return nullptr;
}

void addSound(std::string& text, const ListedSound& sound, bool may_be_chosen) {
  text += "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=" + quoted(sound.facts.label);
  text += sound.facts.language.empty() ? "" : ",LANGUAGE=" + quoted(sound.facts.language);
  text += sound.is_default ? ",DEFAULT=YES" : ",DEFAULT=NO";
  text += may_be_chosen ? ",AUTOSELECT=YES" : ",AUTOSELECT=NO";
  if (const char* says = characteristics(sound.facts.purpose)) {
    text += ",CHARACTERISTICS=" + quoted(says);
  }
  text += ",CHANNELS=\"2\"";
  text += sound.uri.empty() ? "\n" : ",URI=" + quoted(sound.uri) + "\n";
}

/// A player chooses by language and purpose, and only where these tell tracks apart; a commentary
/// is the viewer's to choose.
void listSounds(std::string& text, std::span<const ListedSound> sounds) {
  std::set<std::pair<std::string, SoundPurpose>> taken;
  for (const ListedSound& sound : sounds) {
    const bool is_first = taken.emplace(sound.facts.language, sound.facts.purpose).second;
    const bool is_wanted = is_first && sound.facts.purpose != SoundPurpose::Commentary;
    addSound(text, sound, sound.is_default || is_wanted);
  }
}

void addVariant(std::string& text, const Variant& variant, bool has_sounds, bool has_subtitles) {
  text += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(variant.bandwidth) +
          ",AVERAGE-BANDWIDTH=" + std::to_string(variant.average_bandwidth) + ",CODECS=\"" +
          variant.codecs + "\"";
  if (variant.width > 0) {
    text += ",RESOLUTION=" + std::to_string(variant.width) + "x" + std::to_string(variant.height) +
            print(",FRAME-RATE=%" PRId64 ".%03" PRId64, variant.frame_rate_milli / 1000,
                  variant.frame_rate_milli % 1000);
  }
  text += has_sounds ? ",AUDIO=\"audio\"" : "";
  text += has_subtitles ? ",SUBTITLES=\"subtitles\"" : "";
  text += "\n" + variant.uri + "\n";
}

/// What has no head of its own came with version 6 of the format, sound apart with 4.
enum class HlsVersion { Plain = 3, Choice = 4, Fragmented = 7 };

std::string versionLine(HlsVersion version) {
  return "#EXTM3U\n#EXT-X-VERSION:" + std::to_string(static_cast<int>(version)) + "\n";
}
}  // namespace

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    text += c == '"' || static_cast<unsigned char>(c) < 0x20 ? "" : std::string(1, c);
  }
  return text + "\"";
}

std::string masterPlaylist(std::span<const Variant> variants, std::span<const ListedSound> sounds,
                           const std::string& subtitles) {
  const bool is_within = !sounds.empty() && sounds.front().uri.empty();
  const bool has_sounds = sounds.size() > (is_within ? 1U : 0U);
  std::string text = versionLine(!has_sounds ? HlsVersion::Plain
                                 : is_within ? HlsVersion::Choice
                                             : HlsVersion::Fragmented);
  text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  if (has_sounds) {
    listSounds(text, sounds);
  }
  text += subtitles;
  for (const Variant& variant : variants) {
    addVariant(text, variant, has_sounds, !subtitles.empty());
  }
  return text;
}

std::string mediaPlaylist(int target_duration, std::span<const ListedSegment> segments,
                          bool complete, const std::string& init) {
  std::string text = versionLine(init.empty() ? HlsVersion::Plain : HlsVersion::Fragmented);
  text += "#EXT-X-TARGETDURATION:" + std::to_string(target_duration) +
          "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:" + (complete ? "VOD" : "EVENT") +
          "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  text += init.empty() ? "" : "#EXT-X-MAP:URI=\"" + init + "\"\n";
  for (const ListedSegment& segment : segments) {
    text += print("#EXTINF:%" PRId64 ".%06" PRId64 ",\n", segment.duration_us / 1'000'000,
                  segment.duration_us % 1'000'000) +
            segment.uri + "\n";
  }
  if (complete) {
    text += "#EXT-X-ENDLIST\n";
  }
  return text;
}

std::string segmentFileName(std::uint64_t number) {
  return print("segment_%03" PRIu64 ".ts", number);
}

}  // namespace reeld::playback
