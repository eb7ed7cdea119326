// Time is given, never taken: everything that needs "now" holds a Clock, so tests own the time.
#pragma once
#include <chrono>
#include <cstdint>

namespace reeld {

/// Milliseconds since the epoch, UTC: the form of every time in the database and in tokens.
using EpochMs = std::int64_t;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual EpochMs now() const = 0;               ///< wall clock
  virtual std::int64_t monotonicMs() const = 0;  ///< CLOCK_MONOTONIC, for deadlines
};

class SystemClock final : public Clock {
 public:
  EpochMs now() const override {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }
  std::int64_t monotonicMs() const override {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
  }
};

}  // namespace reeld
