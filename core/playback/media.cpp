#include "playback/media.h"

#include <algorithm>
#include <charconv>

namespace reeld::playback {

const MediaRendition* Media::find(std::string_view rendition) const noexcept {
  const auto found = std::find_if(renditions.begin(), renditions.end(),
                                  [&](const MediaRendition& one) { return one.name == rendition; });
  return found != renditions.end() ? &*found : nullptr;
}

std::string Media::masterBelow(const std::string& base) const {
  std::vector<Variant> variants;
  for (const MediaRendition& rendition : renditions) {
    variants.push_back(rendition.variant);
    variants.back().uri = base + rendition.variant.uri;
  }
  return masterPlaylist(variants);
}

const std::string* segmentKey(const MediaRendition& rendition, std::string_view name) noexcept {
  constexpr std::string_view Start = "segment_";
  constexpr std::string_view End = ".ts";
  if (!name.starts_with(Start) || !name.ends_with(End)) {
    return nullptr;
  }
  const std::string_view digits =
      name.substr(Start.size(), name.size() - Start.size() - End.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // One name per segment: three digits at least, and no more zeros than that.
  const bool canonical = digits.size() == 3 || (digits.size() > 3 && digits.front() != '0');
  if (error != std::errc() || end != digits.data() + digits.size() || !canonical ||
      number >= rendition.segment_keys.size()) {
    return nullptr;
  }
  return &rendition.segment_keys[number];
}

}  // namespace reeld::playback
