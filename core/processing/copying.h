// Whether the top rung can be the source's own pictures, and where all rungs are then cut: at IDR
// pictures of the source. Pure and deterministic, as ladder.h is.
#pragma once
#include "processing/ladder.h"
#include "processing/source_facts.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace reeld::processing {

struct TopCopy {
  std::vector<std::int64_t> starts;  ///< the first frame of each segment
  std::int64_t longest = 0;          ///< frames of the longest segment
  std::int64_t peak = 0;             ///< bits per second of the heaviest
};

/// `segment_frames`: of a segment as the site wants it. A copied one is at most half as long again,
/// and at least half of it. Nothing if the source must be encoded: it is not of the rung's size, or
/// its key frames lie too far apart, or its rate is beyond the rung's by more than half.
std::optional<TopCopy> copyOfTop(const VideoFacts& video, const Rung& top,
                                 std::int64_t segment_frames);

}  // namespace reeld::processing
