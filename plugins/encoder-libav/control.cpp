// See control.h.
#include "control.h"

#include <ctime>

namespace reeld::libav {

bool Control::late() const noexcept {
  if (call_.deadlineMs() == 0) {
    return false;
  }
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);  // the ABI's deadlines are on this clock
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 > call_.deadlineMs();
}

bool Control::stopped() const noexcept { return call_.cancelled() || late(); }

void Control::check() const {
  if (call_.cancelled()) {
    throw sdk::Failure(REELD_CANCELLED, "cancelled");
  }
  if (late()) {
    throw sdk::Failure(REELD_TIMEOUT, "the time for this task is over");
  }
}

}  // namespace reeld::libav
