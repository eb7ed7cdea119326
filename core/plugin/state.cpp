#include "plugin/state.h"

#include <array>

namespace reeld::plugin {
namespace {

struct Transition {
  State from;
  Step step;
  State to;
};

constexpr std::array Transitions = {
    Transition{State::Listed, Step::Probe, State::Probed},
    Transition{State::Probed, Step::Open, State::Opened},
    Transition{State::Opened, Step::Create, State::Created},
    Transition{State::Created, Step::Start, State::Started},
    Transition{State::Started, Step::Suspend, State::Suspended},
    Transition{State::Suspended, Step::Resume, State::Started},
    Transition{State::Started, Step::Stop, State::Stopped},
    Transition{State::Suspended, Step::Stop, State::Stopped},
    Transition{State::Created, Step::Stop, State::Stopped},  // another one failed to start
    Transition{State::Stopped, Step::Destroy, State::Destroyed},
    Transition{State::Listed, Step::Fail, State::Failed},
    Transition{State::Probed, Step::Fail, State::Failed},
    Transition{State::Opened, Step::Fail, State::Failed},
    Transition{State::Created, Step::Fail, State::Failed},
};

constexpr std::array<std::string_view, 9> Words = {"listed",  "probed",    "opened",
                                                   "created", "started",   "suspended",
                                                   "stopped", "destroyed", "failed"};

}  // namespace

std::optional<State> next(State from, Step step) noexcept {
  for (const Transition& each : Transitions) {
    if (each.from == from && each.step == step) {
      return each.to;
    }
  }
  return std::nullopt;
}

std::string_view word(State state) noexcept { return Words[static_cast<std::size_t>(state)]; }

}  // namespace reeld::plugin
