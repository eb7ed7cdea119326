#include "playback/playlist.h"

#include <cinttypes>
#include <cstdio>

namespace reeld::playback {

namespace {
template <class... Values>
std::string print(const char* format, Values... values) {
  char buffer[96];
  const int size = std::snprintf(buffer, sizeof buffer, format, values...);
  return {buffer, static_cast<std::size_t>(size)};
}

void addVariant(std::string& text, const Variant& variant, const std::string& sound,
                const std::string& subtitles) {
  text += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(variant.bandwidth) +
          ",AVERAGE-BANDWIDTH=" + std::to_string(variant.average_bandwidth) + ",CODECS=\"" +
          variant.codecs + "\"";
  if (variant.width > 0) {
    text += ",RESOLUTION=" + std::to_string(variant.width) + "x" + std::to_string(variant.height) +
            print(",FRAME-RATE=%" PRId64 ".%03" PRId64, variant.frame_rate_milli / 1000,
                  variant.frame_rate_milli % 1000);
  }
  text += sound.empty() ? "" : ",AUDIO=\"audio\"";
  text += subtitles.empty() ? "" : ",SUBTITLES=\"subtitles\"";
  text += "\n" + variant.uri + "\n";
}

/// What has no head of its own came with version 6 of the format, sound apart with 4.
const char* versionLine(bool is_fragmented) {
  return is_fragmented ? "#EXTM3U\n#EXT-X-VERSION:7\n" : "#EXTM3U\n#EXT-X-VERSION:3\n";
}
}  // namespace

std::string masterPlaylist(std::span<const Variant> variants, const std::string& sound,
                           const std::string& subtitles) {
  std::string text = versionLine(!sound.empty());
  text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  if (!sound.empty()) {
    text +=
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,"
        "CHANNELS=\"2\",URI=\"" +
        sound + "\"\n";
  }
  text += subtitles;
  for (const Variant& variant : variants) {
    addVariant(text, variant, sound, subtitles);
  }
  return text;
}

std::string mediaPlaylist(int target_duration, std::span<const ListedSegment> segments,
                          bool complete, const std::string& init) {
  std::string text = versionLine(!init.empty());
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
