#include "billing/order.h"

#include "base/crypto.h"

#include <algorithm>
#include <array>

namespace reeld::billing {

namespace {

constexpr std::size_t ReferenceBytes = 15;

struct OrderWord {
  OrderState state;
  std::string_view word;
};
constexpr std::array OrderWords = {
    OrderWord{OrderState::Pending, "pending"},   OrderWord{OrderState::Paid, "paid"},
    OrderWord{OrderState::Failed, "failed"},     OrderWord{OrderState::Expired, "expired"},
    OrderWord{OrderState::Refunded, "refunded"}, OrderWord{OrderState::Disputed, "disputed"},
};

struct OrderTransition {
  OrderState from;
  OrderEvent event;
  OrderState to;
};

// Money that arrives late for an order that was given up makes it paid after all, unless the buyer
// has bought the video meanwhile or it is gone (settlement.cpp): he gets what he paid for, at the
// price he saw, instead of waiting days for a refund.
constexpr std::array OrderTransitions = {
    OrderTransition{OrderState::Pending, OrderEvent::Paid, OrderState::Paid},
    OrderTransition{OrderState::Pending, OrderEvent::Failed, OrderState::Failed},
    OrderTransition{OrderState::Pending, OrderEvent::TimeOut, OrderState::Expired},
    OrderTransition{OrderState::Failed, OrderEvent::Paid, OrderState::Paid},
    OrderTransition{OrderState::Expired, OrderEvent::Paid, OrderState::Paid},
    OrderTransition{OrderState::Paid, OrderEvent::Refunded, OrderState::Refunded},
    OrderTransition{OrderState::Paid, OrderEvent::Disputed, OrderState::Disputed},
    // The dispute was won, or lost.
    OrderTransition{OrderState::Disputed, OrderEvent::Paid, OrderState::Paid},
    OrderTransition{OrderState::Disputed, OrderEvent::Refunded, OrderState::Refunded},
};

}  // namespace

std::string_view word(OrderState state) noexcept {
  const auto found = std::find_if(OrderWords.begin(), OrderWords.end(),
                                  [&](const OrderWord& one) { return one.state == state; });
  return found == OrderWords.end() ? "" : found->word;
}

std::optional<OrderState> parseOrderState(std::string_view text) noexcept {
  const auto found = std::find_if(OrderWords.begin(), OrderWords.end(),
                                  [&](const OrderWord& one) { return one.word == text; });
  return found == OrderWords.end() ? std::nullopt : std::optional(found->state);
}

std::optional<OrderState> next(OrderState from, OrderEvent event) noexcept {
  for (const OrderTransition& one : OrderTransitions) {
    if (one.from == from && one.event == event) {
      return one.to;
    }
  }
  return std::nullopt;
}

std::string newOrderReference() { return "r" + randomToken(ReferenceBytes); }

}  // namespace reeld::billing
