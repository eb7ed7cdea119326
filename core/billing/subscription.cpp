#include "billing/subscription.h"

#include <algorithm>
#include <array>

namespace reeld::billing {

namespace {

using State = SubscriptionState;
using Event = SubscriptionEvent;

struct Word {
  State state;
  std::string_view word;
};
constexpr std::array Words = {
    Word{State::Pending, "pending"}, Word{State::Active, "active"}, Word{State::Grace, "grace"},
    Word{State::Held, "held"},       Word{State::Ended, "ended"},   Word{State::Failed, "failed"},
};

struct Transition {
  State from;
  Event event;
  State to;
};
constexpr std::array Transitions = {
    Transition{State::Pending, Event::Paid, State::Active},
    Transition{State::Pending, Event::Declined, State::Failed},
    Transition{State::Active, Event::Paid, State::Active},
    Transition{State::Active, Event::Due, State::Grace},
    Transition{State::Active, Event::Disputed, State::Held},
    Transition{State::Active, Event::Lapse, State::Ended},
    Transition{State::Grace, Event::Paid, State::Active},
    Transition{State::Grace, Event::Disputed, State::Held},
    Transition{State::Grace, Event::Lapse, State::Ended},
    // The dispute was won, or lost.
    Transition{State::Held, Event::Paid, State::Active},
    Transition{State::Held, Event::Lapse, State::Ended},
};

}  // namespace

std::string_view word(SubscriptionState state) noexcept {
  const auto found =
      std::find_if(Words.begin(), Words.end(), [&](const Word& one) { return one.state == state; });
  return found == Words.end() ? "" : found->word;
}

std::optional<SubscriptionState> parseSubscriptionState(std::string_view text) noexcept {
  const auto found =
      std::find_if(Words.begin(), Words.end(), [&](const Word& one) { return one.word == text; });
  return found == Words.end() ? std::nullopt : std::optional(found->state);
}

std::optional<SubscriptionState> next(SubscriptionState from, SubscriptionEvent event) noexcept {
  for (const Transition& one : Transitions) {
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
