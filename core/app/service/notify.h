// What the service manager is told (sd_notify(3)), and the watchdog it may keep. Without one
// (NOTIFY_SOCKET, WATCHDOG_USEC) all of this does nothing.
#pragma once
#include "base/clock.h"
#include "base/log.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reeld::app::service {

class Notify {
 public:
  explicit Notify(const Clock& clock) : clock_(clock) {}

  /// Listening, database there, schema checked. Again after each reload.
  void ready(const std::string& status) const;
  void status(const std::string& status) const;
  /// The start takes longer (migrations): so much more time from now on.
  void extendTimeout(std::chrono::milliseconds time) const;
  void reloading() const;  ///< ends with ready()
  void stopping(const std::string& status) const;

 private:
  const Clock& clock_;
};

/// Tells the service manager that the daemon lives, as long as all of its parts move. One thread.
class Watchdog {
 public:
  /// Honours WATCHDOG_USEC and WATCHDOG_PID.
  Watchdog(const Clock& clock, const Log& log);
  /// For tests: an interval of one's own.
  Watchdog(const Clock& clock, const Log& log, std::chrono::milliseconds interval);

  /// A part whose number changes as long as it works: loops, the database's ping, the scheduler. It
  /// must move at least once per half interval, also when there is nothing to do.
  void watch(std::string name, std::function<std::uint64_t()> ticks);

  bool enabled() const noexcept { return interval_.count() > 0; }
  /// Milliseconds until beat() has something to do; a long time if not enabled.
  std::chrono::milliseconds untilNextBeat() const;
  /// At half the interval: WATCHDOG=1 if every part moved since the last time; a line in the log if
  /// not.
  void beat();

 private:
  struct Part {
    std::string name;
    std::function<std::uint64_t()> ticks;
    std::uint64_t last = 0;
    bool stuck = false;
  };
  const Clock& clock_;
  const Log& log_;
  std::chrono::milliseconds interval_{0};
  std::int64_t next_ms_ = 0;
  std::vector<Part> parts_;
};

}  // namespace reeld::app::service
