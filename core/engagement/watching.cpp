#include "engagement/watching.h"

#include <algorithm>
#include <limits>

namespace reeld::engagement {

Watch afterReport(const std::optional<Watch>& before, const WatchReport& report,
                  const WatchFacts& facts) {
  const std::int64_t end = facts.duration_ms.value_or(std::numeric_limits<std::int64_t>::max());
  Watch after = before.value_or(Watch{});
  after.position_ms = std::clamp<std::int64_t>(report.position_ms, 0, end);
  after.reported_at = facts.now;
  // A new play begins anew: the time since the last report was not spent with this video.
  const EpochMs since =
      std::max(before ? before->accounted_at : facts.played_at.value_or(facts.now),
               facts.played_at.value_or(0));
  const Intervals claimed = without(merged(clamped(report.watched, end)), after.seen);
  const Intervals counted = cut(claimed, std::max<std::int64_t>(facts.now - since, 0));
  Intervals seen = after.seen;
  seen.insert(seen.end(), counted.begin(), counted.end());
  seen = merged(std::move(seen));
  // Clocks that were set back do not give time that was used a second time.
  after.accounted_at = std::max(since + lengthOf(counted), facts.now - LateMs);
  if (seen.size() <= MostPieces) {
    after.seen = std::move(seen);
    after.watched_ms = lengthOf(after.seen);
  }
  return after;
}

}  // namespace reeld::engagement
