// What was counted of one video, of the videos of one creator or of all, in some days; as the
// report "summary" of an analytics plugin tells it. Days are of UTC.
#pragma once
#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::analytics {

struct Counters {
  std::int64_t views = 0;
  std::int64_t viewers = 0;      ///< users among them
  std::int64_t new_viewers = 0;  ///< of these, who came for the first time
  std::int64_t likes = 0;        ///< given less taken back, so it may be negative
  std::int64_t dislikes = 0;
  std::int64_t watched_ms = 0;
  std::int64_t orders = 0;  ///< paid
  std::int64_t refunds = 0;
  std::int64_t sales_minor = 0;  ///< what was paid less what was refunded
  std::int64_t creator_minor = 0;
  std::int64_t platform_minor = 0;
};

struct DayCounters {
  std::string day;  ///< "2026-11-29"
  Counters counters;
};

struct VideoCounters {
  std::int64_t video_id = 0;
  std::optional<std::string> title;  ///< nothing once the video is purged
  Counters counters;
};

struct Summary {
  Counters total;
  std::vector<DayCounters> days;          ///< ascending; those on which something happened
  std::vector<VideoCounters> top_videos;  ///< by views; without titles
};

/// Throws Error CORRUPT for what is no such report.
Summary parseSummary(const Json& report);

}  // namespace reeld::analytics
