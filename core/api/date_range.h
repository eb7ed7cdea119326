// The days a report is asked for: `from` and `to` of the query, both with that day, of UTC.
#pragma once
#include "base/clock.h"
#include "http/exchange.h"

#include <string>
#include <vector>

namespace reeld::api {

struct DateRange {
  static constexpr int UsualDays = 30;
  static constexpr int MostDays = 1100;  ///< three years
  std::string from;                      ///< "2026-11-01"
  std::string to;
};

/// Without `to` until today, without `from` the thirty days up to `to`. Throws INVALID with a
/// violation (422) for what is no date, ends before it begins or is too long.
DateRange readDateRange(const http::Exchange& exchange, EpochMs now);

/// Every day of it, ascending.
std::vector<std::string> daysOf(const DateRange& range);

}  // namespace reeld::api
