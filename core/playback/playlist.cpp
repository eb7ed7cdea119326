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

void addVariant(std::string& text, const Variant& variant) {
  text += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(variant.bandwidth) +
          ",AVERAGE-BANDWIDTH=" + std::to_string(variant.average_bandwidth) + ",CODECS=\"" +
          variant.codecs + "\"";
  if (variant.width > 0) {
    text += ",RESOLUTION=" + std::to_string(variant.width) + "x" + std::to_string(variant.height) +
            print(",FRAME-RATE=%" PRId64 ".%03" PRId64, variant.frame_rate_milli / 1000,
                  variant.frame_rate_milli % 1000);
  }
  text += "\n" + variant.uri + "\n";
}
}  // namespace

std::string masterPlaylist(std::span<const Variant> variants) {
  std::string text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (const Variant& variant : variants) {
    addVariant(text, variant);
  }
  return text;
}

std::string mediaPlaylist(int target_duration, std::span<const ListedSegment> segments,
                          bool complete) {
  std::string text =
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:" + std::to_string(target_duration) +
      "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:" + (complete ? "VOD" : "EVENT") +
      "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
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
