// Which parts of a video somebody has seen: intervals in milliseconds of the video, ascending and
// apart. Pure: how much of what a player claims may count is the caller's business.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::engagement {

struct Interval {
  std::int64_t from = 0;
  std::int64_t to = 0;  ///< not in it any more
  bool operator==(const Interval&) const = default;
};
using Intervals = std::vector<Interval>;

/// The same time in as few intervals as possible: what overlaps or touches is one. Empty ones go.
Intervals merged(Intervals intervals);
/// The lengths together, of merged ones.
std::int64_t lengthOf(const Intervals& intervals) noexcept;
/// What lies within 0 and the end.
Intervals clamped(const Intervals& intervals, std::int64_t end);
/// What of some is not in others; both merged.
Intervals without(const Intervals& some, const Intervals& others);
/// So many milliseconds of merged ones, from the front.
Intervals cut(const Intervals& intervals, std::int64_t length);

/// [[0,1000],[2000,3000]]: as it is stored.
std::string print(const Intervals& intervals);
/// Throws Error INVALID for anything else than print() made.
Intervals parseIntervals(std::string_view text);

}  // namespace reeld::engagement
