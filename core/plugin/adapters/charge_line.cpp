#include "plugin/adapters/charge_line.h"

namespace reeld::plugin::adapters {

namespace {

/// A provider that lets nobody go for so long is slow.
constexpr std::chrono::milliseconds Slow{500};

std::int64_t monotonicMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

bool ChargeLine::isFull() const {
  return slots_.waiting() >= static_cast<std::size_t>(places_) &&
         monotonicMs() - last_turn_ms_ > Slow.count();
}

bool ChargeLine::enter() {
  if (isFull()) {
    return false;
  }
  const bool is_short = slots_.waiting() < static_cast<std::size_t>(places_);
  const auto wait = is_short ? longest_ : Slow;
  const bool came = slots_.acquire(std::chrono::steady_clock::now() + wait);
  if (came) {
    last_turn_ms_ = monotonicMs();
  }
  return came;
}

}  // namespace reeld::plugin::adapters
