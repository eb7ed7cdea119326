// A plan of subscriptions as a value, and the port to whoever says which there are: filled by a
// subscription plugin (plugin/adapters/subscription.h).
#pragma once
#include "base/clock.h"
#include "billing/payment_provider.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::billing {

struct Plan {
  std::string id;
  std::string title;
  std::int64_t interval_days = 0;
  std::int64_t price_minor = 0;
  std::string currency;
  std::string opens;  ///< "all", or "" for nothing
  bool operator==(const Plan&) const = default;
};

/// As it is kept in rows.
std::string toJson(const Plan& plan);
/// Throws CORRUPT.
Plan parsePlan(std::string_view json);

struct PlanChange {
  std::string from;
  std::string to;
  EpochMs at = 0;
  EpochMs period_start = 0;
  EpochMs period_end = 0;
  Amount paid;
};

struct Quote {
  std::int64_t due_minor = 0;  ///< in the currency of what was paid
  bool at_period_end = false;
};

class PlanProvider {
 public:
  virtual ~PlanProvider() = default;
  /// Of the site's currency, the usual one first. Never in a transaction. Throws Error.
  virtual std::vector<Plan> plans() = 0;
  /// Throws Error: NOT_FOUND, CONFLICT.
  virtual Quote quote(const PlanChange& change) = 0;
};

}  // namespace reeld::billing
