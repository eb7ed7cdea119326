// The life of an instance as a table:
// listed -> probed -> opened -> created -> started <-> suspended -> stopped -> destroyed, and
// failed.
#pragma once
#include <optional>
#include <string_view>

namespace reeld::plugin {

enum class State {
  Listed,
  Probed,
  Opened,
  Created,
  Started,
  Suspended,
  Stopped,
  Destroyed,
  Failed
};
enum class Step { Probe, Open, Create, Start, Suspend, Resume, Stop, Destroy, Fail };

/// Where the step leads, or nothing if it cannot be taken from there.
std::optional<State> next(State from, Step step) noexcept;

/// "started", for reeldctl, logs and metrics.
std::string_view word(State state) noexcept;

}  // namespace reeld::plugin
