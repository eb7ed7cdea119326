// A clock that stands still until a test moves it.
#pragma once
#include "base/clock.h"

#include <atomic>

namespace reeld::test {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(EpochMs now = SystemClock().now()) : now_(now) {}
  EpochMs now() const override { return now_; }
  std::int64_t monotonicMs() const override { return now_; }
  void advance(std::int64_t milliseconds) { now_ += milliseconds; }

 private:
  std::atomic<EpochMs> now_;
};

}  // namespace reeld::test
