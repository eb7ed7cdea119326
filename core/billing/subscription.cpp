#include "billing/subscription.h"

#include <algorithm>
#include <array>

namespace reeld::billing {

namespace {

using State = SubscriptionState;
using Event = SubscriptionEvent;

struct SubscriptionWord {
  State state;
  std::string_view word;
};
constexpr std::array SubscriptionWords = {
    SubscriptionWord{State::Pending, "pending"}, SubscriptionWord{State::Active, "active"},
    SubscriptionWord{State::Grace, "grace"},     SubscriptionWord{State::Held, "held"},
    SubscriptionWord{State::Ended, "ended"},     SubscriptionWord{State::Failed, "failed"},
};

struct SubscriptionTransition {
  State from;
  Event event;
  State to;
};
constexpr std::array SubscriptionTransitions = {
    SubscriptionTransition{State::Pending, Event::Paid, State::Active},
    SubscriptionTransition{State::Pending, Event::Declined, State::Failed},
    SubscriptionTransition{State::Active, Event::Paid, State::Active},
    SubscriptionTransition{State::Active, Event::Due, State::Grace},
    SubscriptionTransition{State::Active, Event::Disputed, State::Held},
    SubscriptionTransition{State::Active, Event::Lapse, State::Ended},
    SubscriptionTransition{State::Grace, Event::Paid, State::Active},
    SubscriptionTransition{State::Grace, Event::Disputed, State::Held},
    SubscriptionTransition{State::Grace, Event::Lapse, State::Ended},
    // The dispute was won, or lost.
    SubscriptionTransition{State::Held, Event::Paid, State::Active},
    SubscriptionTransition{State::Held, Event::Lapse, State::Ended},
};

}  // namespace

std::string_view word(SubscriptionState state) noexcept {
  const auto found = std::find_if(SubscriptionWords.begin(), SubscriptionWords.end(),
                                  [&](const SubscriptionWord& one) { return one.state == state; });
  return found == SubscriptionWords.end() ? "" : found->word;
}

std::optional<SubscriptionState> parseSubscriptionState(std::string_view text) noexcept {
  const auto found = std::find_if(SubscriptionWords.begin(), SubscriptionWords.end(),
                                  [&](const SubscriptionWord& one) { return one.word == text; });
  return found == SubscriptionWords.end() ? std::nullopt : std::optional(found->state);
}

std::optional<SubscriptionState> next(SubscriptionState from, SubscriptionEvent event) noexcept {
  for (const SubscriptionTransition& one : SubscriptionTransitions) {
    if (one.from == from && one.event == event) {
      return one.to;
    }
  }
  return std::nullopt;
}

bool isLive(SubscriptionState state) noexcept {
  return state != State::Ended && state != State::Failed;
}

}  // namespace reeld::billing
