// What was counted, as JSON and as a table for spreadsheets. Amounts are decimal numbers.
#pragma once
#include "analytics/summary.h"
#include "api/date_range.h"

#include <optional>
#include <string>

namespace reeld::api {

struct SummaryPage {
  std::optional<std::int64_t> creator_id;
  std::optional<std::int64_t> video_id;  ///< of one video: without a list of the best
  DateRange range;
  analytics::Summary summary;
};

std::string summaryJson(const SummaryPage& page);
/// A line for each day, with a head.
std::string summaryCsv(const SummaryPage& page);

}  // namespace reeld::api
