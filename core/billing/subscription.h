// A subscription as a value, and its states as a table.
#pragma once
#include "billing/order.h"
#include "billing/plan.h"

#include <optional>

namespace reeld::billing {

using SubscriptionId = std::int64_t;

enum class SubscriptionState { Pending, Active, Grace, Held, Ended, Failed };

/// "active": the word in the database and in the API.
std::string_view word(SubscriptionState state) noexcept;
std::optional<SubscriptionState> parseSubscriptionState(std::string_view word) noexcept;

enum class SubscriptionEvent {
  Paid,      ///< a start, a renewal or a change
  Declined,  ///< its start
  Due,       ///< the period is over, the next is not paid yet
  Disputed,  ///< what paid for the period
  Lapse,     ///< nothing follows
};

/// Where an event leads from a state; nothing = it changes nothing there.
std::optional<SubscriptionState> next(SubscriptionState from, SubscriptionEvent event) noexcept;
/// One at a time of a user.
bool isLive(SubscriptionState state) noexcept;

/// How long a renewal may be late before the subscription ends, and how often it is tried.
inline constexpr std::int64_t DayMs = 86'400'000;
inline constexpr std::int64_t GraceMs = 3 * DayMs;
inline constexpr std::int64_t RenewalRetryMs = DayMs;

struct Subscription {
  SubscriptionId id = 0;
  std::int64_t user_id = 0;
  Plan plan;
  SubscriptionState state = SubscriptionState::Pending;
  bool renews = true;
  std::optional<Plan> next_plan;
  std::optional<OrderId> order_id;  ///< what paid for this period
  EpochMs period_start = 0;
  EpochMs period_end = 0;
  EpochMs created_at = 0;
  std::optional<EpochMs> ended_at;

  /// When it opens nothing any more, whoever has looked at it meanwhile.
  EpochMs opensUntil() const noexcept {
    const bool is_waited_for = renews || state == SubscriptionState::Grace;
    return period_end + (is_waited_for ? GraceMs : 0);
  }
};

}  // namespace reeld::billing
