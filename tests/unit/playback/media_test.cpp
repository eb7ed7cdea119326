// The names of resolutions: a rendition of one's own, or the closest.
#include "playback/media.h"

#include "catch.h"

using namespace reeld::playback;

namespace {

Media mediaOf(const std::vector<std::pair<const char*, std::pair<int, int>>>& renditions) {
  Media media;
  for (const auto& [name, size] : renditions) {
    MediaRendition& one = media.renditions.emplace_back();
    one.name = name;
    one.variant.width = size.first;
    one.variant.height = size.second;
  }
  return media;
}

std::string closest(const Media& media, std::string_view name) {
  const auto* found = media.closest(name);
  return found == nullptr ? "" : found->name;
}

}  // namespace

TEST_CASE("480p, 720p and 1080p always name a rendition, nothing else does but its own name") {
  const Media all = mediaOf({{"480p", {854, 480}}, {"720p", {1280, 720}}, {"1080p", {1920, 1080}}});
  const Media small = mediaOf({{"360p", {640, 360}}});
  const Media portrait = mediaOf({{"480p", {480, 854}}, {"608p", {608, 1080}}});
  const Media sound = mediaOf({{"audio", {0, 0}}});
  const Media large = mediaOf({{"1440p", {2560, 1440}}, {"2160p", {3840, 2160}}});
  for (const char* name : {"480p", "720p", "1080p"}) {
    CHECK(closest(all, name) == name);
    CHECK(closest(small, name) == "360p");
    CHECK(closest(sound, name) == "audio");
    CHECK(closest(large, name) == "1440p");
    CHECK(closest(Media(), name) == "");
  }
  CHECK(closest(portrait, "480p") == "480p");
  CHECK(closest(portrait, "720p") == "608p");
  CHECK(closest(portrait, "1080p") == "608p");
  CHECK(closest(small, "360p") == "360p");
  CHECK(closest(sound, "audio") == "audio");
  for (const char* name : {"", "360p", "480", "480P", "480p ", "9999p", ".", "..", "audio"}) {
    CHECK(closest(all, name) == "");
  }
}
