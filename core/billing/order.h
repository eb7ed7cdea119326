// An order as a value, and its states as a table. What was agreed (price, currency, shares, whom it
// is credited to) is frozen when it is begun.
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::billing {

using OrderId = std::int64_t;

enum class OrderState { Pending, Paid, Failed, Expired, Refunded, Disputed };

/// "pending": the word in the database and in the API.
std::string_view word(OrderState state) noexcept;
std::optional<OrderState> parseOrderState(std::string_view word) noexcept;

enum class OrderEvent { Paid, Failed, TimeOut, Refunded, Disputed };

/// Where an event leads from a state; nothing = it changes nothing there.
std::optional<OrderState> next(OrderState from, OrderEvent event) noexcept;
/// Whether an event tells of something that can only come after the order was paid.
constexpr bool presumesPayment(OrderEvent event) noexcept {
  return event == OrderEvent::Refunded || event == OrderEvent::Disputed;
}

/// How long a buyer has.
inline constexpr std::int64_t PendingMs = std::int64_t{30} * 60'000;
/// How long a call to the provider may take, and how long an order is its caller's for it.
inline constexpr std::int64_t ProviderCallMs = 10'000;
inline constexpr std::int64_t BusyMs = 3 * ProviderCallMs;

struct Order {
  OrderId id = 0;
  std::string reference;  ///< what the provider knows it by
  std::int64_t user_id = 0;
  std::optional<std::int64_t> video_id;         ///< nothing for a subscription
  std::optional<std::int64_t> creator_id;       ///< the same
  std::optional<std::int64_t> subscription_id;  ///< that it pays a term of
  std::optional<std::string> term;              ///< of it: start, renewal, change
  std::optional<std::string> plan;              ///< the plan of the term, JSON
  std::string title;
  OrderState state = OrderState::Pending;
  std::int64_t price_minor = 0;
  std::string currency;
  std::int64_t creator_share_bp = 0;
  std::string provider;  ///< the instance
  std::optional<std::string> provider_ref;
  std::optional<std::string> checkout_url;
  std::optional<std::string> request_key;
  EpochMs busy_until = 0;
  std::optional<EpochMs> refund_at;
  std::optional<std::int64_t> refund_by;
  EpochMs created_at = 0;
  EpochMs expires_at = 0;
  std::optional<EpochMs> paid_at;
  std::optional<EpochMs> ended_at;

  bool isOfSubscription() const noexcept { return subscription_id.has_value(); }
  std::string chargeKey() const { return reference + "-charge"; }
  std::string refundKey() const { return reference + "-refund"; }
};

/// Random: no other order of any site has it.
std::string newOrderReference();

}  // namespace reeld::billing
