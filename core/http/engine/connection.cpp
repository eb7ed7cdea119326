#include "http/engine/connection.h"

#include <algorithm>
#include <array>

namespace reeld::http::engine {

namespace {
struct Transition {
  State from;
  State to;
};

/// Closing (to Free) is possible from everywhere and not listed.
constexpr std::array<Transition, 19> Transitions = {{
    {State::Free, State::Idle},
    {State::Free, State::Send},  // turned away at once: overload
    {State::Idle, State::Head},
    {State::Idle, State::Body},
    {State::Idle, State::Waiting},
    {State::Idle, State::Send},
    {State::Head, State::Body},
    {State::Head, State::Waiting},
    {State::Head, State::Send},
    {State::Body, State::Waiting},
    {State::Body, State::Send},
    {State::Receive, State::Waiting},
    {State::Receive, State::Send},
    {State::Waiting, State::Receive},
    {State::Waiting, State::Send},
    {State::Waiting, State::Waiting},  // from a worker to the hash thread
    {State::Send, State::Waiting},     // a cold file is read, or the next piece is made
    {State::Send, State::Idle},
    {State::Send, State::Linger},
}};
}  // namespace

bool mayMove(State from, State to) noexcept {
  return to == State::Free || std::any_of(Transitions.begin(), Transitions.end(),
                                          [&](auto& t) { return t.from == from && t.to == to; });
}

}  // namespace reeld::http::engine
