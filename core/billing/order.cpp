#include "billing/order.h"

#include "base/crypto.h"

#include <algorithm>
#include <array>

namespace reeld::billing {

namespace {

constexpr std::size_t ReferenceBytes = 15;

struct Word {
  OrderState state;
  std::string_view word;
};
constexpr std::array Words = {
    Word{OrderState::Pending, "pending"},   Word{OrderState::Paid, "paid"},
    Word{OrderState::Failed, "failed"},     Word{OrderState::Expired, "expired"},
    Word{OrderState::Refunded, "refunded"}, Word{OrderState::Disputed, "disputed"},
};

struct Transition {
  OrderState from;
  OrderEvent event;
  OrderState to;
};

// Money that arrives late for an order that was given up makes it paid after all, unless the buyer
// has bought the video meanwhile or it is gone (settlement.cpp): he gets what he paid for, at the
// price he saw, instead of waiting days for a refund.
constexpr std::array Transitions = {
    Transition{OrderState::Pending, OrderEvent::Paid, OrderState::Paid},
    Transition{OrderState::Pending, OrderEvent::Failed, OrderState::Failed},
    Transition{OrderState::Pending, OrderEvent::TimeOut, OrderState::Expired},
    Transition{OrderState::Failed, OrderEvent::Paid, OrderState::Paid},
    Transition{OrderState::Expired, OrderEvent::Paid, OrderState::Paid},
    Transition{OrderState::Paid, OrderEvent::Refunded, OrderState::Refunded},
    Transition{OrderState::Paid, OrderEvent::Disputed, OrderState::Disputed},
    // The dispute was won, or lost.
    Transition{OrderState::Disputed, OrderEvent::Paid, OrderState::Paid},
    Transition{OrderState::Disputed, OrderEvent::Refunded, OrderState::Refunded},
};

}  // namespace

std::string_view word(OrderState state) noexcept {
  const auto found =
      std::find_if(Words.begin(), Words.end(), [&](const Word& one) { return one.state == state; });
  return found == Words.end() ? "" : found->word;
}

std::optional<OrderState> parseOrderState(std::string_view text) noexcept {
  const auto found =
      std::find_if(Words.begin(), Words.end(), [&](const Word& one) { return one.word == text; });
  return found == Words.end() ? std::nullopt : std::optional(found->state);
}

std::optional<OrderState> next(OrderState from, OrderEvent event) noexcept {
  for (const Transition& one : Transitions) {
    if (one.from == from && one.event == event) {
      return one.to;
    }
  }
  return std::nullopt;
}

std::string newOrderReference() { return "r" + randomToken(ReferenceBytes); }

}  // namespace reeld::billing
