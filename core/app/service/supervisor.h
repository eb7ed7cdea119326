// The main thread once the daemon runs: waits for signals, keeps the watchdog, and leads through
// the stop.
#pragma once
#include "app/service/notify.h"
#include "app/service/signals.h"
#include "base/log.h"

#include <chrono>
#include <functional>

namespace reeld::app::service {

class Supervisor {
 public:
  struct Actions {
    std::function<void()> reload;      ///< SIGHUP
    std::function<void()> dump_state;  ///< SIGUSR2: what goes on, into the log
  };

  Supervisor(Signals& signals, Watchdog& watchdog, const Notify& notify, const Log& log,
             Actions actions);

  /// Until TERM, INT or QUIT.
  void run();
  /// Runs `stop` on a thread of its own while signals are still heard. False if the limit passed
  /// first, or another stop signal came: then the process must end at once, for `stop` still runs.
  bool drain(const std::function<void()>& stop, std::chrono::milliseconds limit);

 private:
  Signals& signals_;
  Watchdog& watchdog_;
  const Notify& notify_;
  const Log& log_;
  Actions actions_;
};

}  // namespace reeld::app::service
