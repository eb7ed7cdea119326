// Ranges of a title: whole segments that one job makes in all rungs from one decode. Pure and
// deterministic: whoever asks, the same plan is cut at the same places.
#pragma once
#include "base/json.h"
#include "processing/encoding.h"
#include "processing/ladder.h"
#include "processing/source_facts.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace reeld::processing {

struct Range {
  std::int64_t first = 0;             ///< segment
  std::optional<std::int64_t> count;  ///< nothing = to the end, wherever that is

  Json toJson() const;
  static Range fromJson(const Json& json);
  bool operator==(const Range&) const = default;
};

/// Whether it pays to make the title in several ranges: it is long enough, tasks can begin within
/// it, and key frames lie so near that little is decoded twice.
bool canSplit(const SourceFacts& facts, const Plan& plan);

/// In order; the last is open. One for a plan that is not split, none if nothing is to be encoded.
std::vector<Range> rangesOf(const Plan& plan);

/// The first segment that is not published in every rung; the last one of a range that is whole: it
/// is made again for the sake of its report.
std::int64_t resumeAt(const Range& range, const std::vector<Rendition>& published);

}  // namespace reeld::processing
