// What a player's report adds to what somebody has seen of a video. Only as much counts as wall
// time has gone by: whoever skips to the end has not watched, and who claims an hour after a minute
// has watched a minute. Each part of a video counts once, however often it is seen.
#pragma once
#include "base/clock.h"
#include "engagement/coverage.h"

#include <optional>

namespace reeld::engagement {

struct Watch {
  std::int64_t position_ms = 0;  ///< where to go on
  Intervals seen;                ///< merged
  std::int64_t watched_ms = 0;   ///< their length
  EpochMs accounted_at = 0;      ///< wall time up to here is used up
  EpochMs reported_at = 0;
};

struct WatchReport {
  std::int64_t position_ms = 0;
  Intervals watched;  ///< as the player claims: since the last report, or all since the play
};

/// A player is not punctual: so much of the time that a report did not use is left to the next one.
inline constexpr std::int64_t LateMs = 2'000;
/// A report that would leave more pieces than that moves the position only.
inline constexpr std::size_t MostPieces = 500;

struct WatchFacts {
  std::optional<EpochMs> played_at;         ///< the last play; nothing = none is known
  std::optional<std::int64_t> duration_ms;  ///< of the video, as far as it is known
  EpochMs now = 0;
};

/// Without an earlier report or a play there is no time that could be used: the clock starts now.
Watch afterReport(const std::optional<Watch>& before, const WatchReport& report,
                  const WatchFacts& facts);

}  // namespace reeld::engagement
