#include "processing/range.h"

#include "base/error.h"

#include <algorithm>
#include <set>

namespace reeld::processing {

namespace {

// Some twelve seconds to a minute: what a killed worker costs and how evenly two share a short
// title, against a start and a lead-in each.
constexpr std::int64_t FewestSegments = 3;
constexpr std::int64_t MostSegments = 15;
/// More ranges than this do not spread the work any better.
constexpr std::int64_t EnoughRanges = 24;

std::int64_t rangeLength(const Plan& plan) {
  return std::clamp(plan.segments() / EnoughRanges, FewestSegments, MostSegments);
}

std::int64_t longestLeadIn(const std::vector<std::int64_t>& key_frames, std::int64_t frames) {
  std::int64_t longest = 0;
  for (std::size_t i = 0; i < key_frames.size(); ++i) {
    const std::int64_t next = i + 1 < key_frames.size() ? key_frames[i + 1] : frames;
    longest = std::max(longest, next - key_frames[i]);
  }
  return longest;
}

}  // namespace

Json Range::toJson() const {
  Json json;
  json.set("first", first);
  json.set("count", count ? Json(*count) : Json());
  return json;
}

Range Range::fromJson(const Json& json) {
  const Json* first = json.find("first");
  const Json* count = json.find("count");
  if (first == nullptr || count == nullptr) {
    throw Error(ErrorCode::Corrupt, "a job names no range of segments");
  }
  return {first->integer(), count->isNull() ? std::nullopt : std::optional(count->integer())};
}

bool canSplit(const SourceFacts& facts, const Plan& plan) {
  if (!facts.video || !facts.video->seekable || facts.video->key_frames.empty()) {
    return false;
  }
  return plan.frames > 0 && plan.segments() > MostSegments &&
         longestLeadIn(facts.video->key_frames, plan.frames) <=
             rangeLength(plan) * plan.segment_frames;
}

std::vector<Range> rangesOf(const Plan& plan) {
  std::vector<Range> ranges;
  if (plan.count(Making::Encoded) == 0) {
    return ranges;
  }
  const std::int64_t length = rangeLength(plan);
  // What would be left over for a short one goes to the one before it.
  for (std::int64_t first = 0; plan.split && first + length + length / 2 < plan.segments();
       first += length) {
    ranges.push_back({first, length});
  }
  ranges.push_back({ranges.empty() ? 0 : ranges.back().first + length, std::nullopt});
  return ranges;
}

std::int64_t resumeAt(const Range& range, const std::vector<Rendition>& published) {
  std::optional<std::int64_t> next;
  for (const Rendition& rendition : published) {
    std::set<std::int64_t> numbers;
    for (const Segment& segment : rendition.segments) {
      numbers.insert(segment.number);
    }
    std::int64_t missing = range.first;
    while (numbers.contains(missing)) {
      ++missing;
    }
    next = std::min(next.value_or(missing), missing);
  }
  // Where an open range ends is the encoder's to say.
  const std::int64_t reached = next.value_or(range.first);
  const std::int64_t last = range.count ? range.first + *range.count - 1 : reached - 1;
  return std::max(range.first, std::min(reached, last));
}

}  // namespace reeld::processing
