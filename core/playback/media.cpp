#include "playback/media.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace reeld::playback {

namespace {

/// What the Videoflix pages ask for, whatever a source was made into.
struct NamedHeight {
  std::string_view name;
  int short_side;
};
constexpr std::array<NamedHeight, 3> AlwaysNamed = {
    {{"480p", 480}, {"720p", 720}, {"1080p", 1080}}};

/// As rungs are counted: a portrait's is its width; 0 of sound alone.
int shortSide(const MediaRendition& rendition) noexcept {
  return std::min(rendition.variant.width, rendition.variant.height);
}

const MediaRendition* findIn(const std::vector<MediaRendition>& renditions,
                             std::string_view name) noexcept {
  const auto found = std::find_if(renditions.begin(), renditions.end(),
                                  [&](const MediaRendition& one) { return one.name == name; });
  return found != renditions.end() ? &*found : nullptr;
}

}  // namespace

const MediaRendition* Media::find(std::string_view rendition) const noexcept {
  if (const MediaRendition* found = findIn(renditions, rendition)) {
    return found;
  }
  const auto beside =
      std::find_if(alternates.begin(), alternates.end(),
                   [&](const AlternateSound& one) { return one.rendition.name == rendition; });
  return beside != alternates.end() ? &beside->rendition : nullptr;
}

const MediaRendition* Media::closest(std::string_view name) const noexcept {
  if (const MediaRendition* exact = findIn(renditions, name)) {
    return exact;
  }
  const auto wanted = std::find_if(AlwaysNamed.begin(), AlwaysNamed.end(),
                                   [&](const NamedHeight& one) { return one.name == name; });
  if (wanted == AlwaysNamed.end() || renditions.empty()) {
    return nullptr;
  }
  const MediaRendition* best = &renditions.front();
  for (const MediaRendition& one : renditions) {
    if (shortSide(one) <= wanted->short_side && shortSide(one) >= shortSide(*best)) {
      best = &one;
    }
  }
  return best;
}

std::string Media::masterBelow(const std::string& base) const {
  std::vector<ListedSound> sounds{{"", sound, true}};
  std::int64_t bandwidth = 0;
  std::int64_t average = 0;
  for (const AlternateSound& one : alternates) {
    sounds.push_back({base + one.rendition.variant.uri, one.facts, false});
    bandwidth = std::max(bandwidth, one.rendition.variant.bandwidth);
    average = std::max(average, one.rendition.variant.average_bandwidth);
  }
  std::vector<Variant> variants;
  for (const MediaRendition& rendition : renditions) {
    variants.push_back(rendition.variant);
    variants.back().uri = base + rendition.variant.uri;
    // Who has chosen another sound loads it beside the one he does not hear.
    variants.back().bandwidth += bandwidth;
    variants.back().average_bandwidth += average;
  }
  return masterPlaylist(variants, sounds, listedSubtitles(subtitles, base));
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
