// What was earned, read from the ledger: refunds are taken off on the day they were made.
#pragma once
#include "base/clock.h"
#include "db/database.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::billing {

struct Earnings {
  std::int64_t sales_minor = 0;  ///< of single videos
  std::int64_t creator_minor = 0;
  std::int64_t platform_minor = 0;
  std::int64_t pool_minor = 0;  ///< of subscriptions
};

struct DayOfEarnings {
  EpochMs day = 0;  ///< its midnight, UTC
  Earnings earnings;
};

struct RevenueReport {
  Earnings total;
  std::vector<DayOfEarnings> days;  ///< those on which there was something, oldest first
};

/// From the first, before the second.
struct TimeRange {
  EpochMs from = 0;
  EpochMs until = 0;
};

class Revenue {
 public:
  /// The database outlives this. Amounts of other currencies are left out.
  Revenue(db::Database& database, std::string currency)
      : database_(database), currency_(std::move(currency)) {}

  RevenueReport ofCreator(std::int64_t creator, TimeRange range);
  RevenueReport ofSite(TimeRange range);
  const std::string& currency() const noexcept { return currency_; }

 private:
  db::Database& database_;
  const std::string currency_;
};

}  // namespace reeld::billing
