// Who looks at a daemon's files from outside. The daemon's user is taken to be the owner of its
// data folder; root sees everything, others see that they do not belong here.
#pragma once
#include "app/daemon/start_faults.h"

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace reeld::app::daemon {

class Onlooker {
 public:
  explicit Onlooker(const std::string& data_dir);

  uid_t daemonUser() const noexcept { return daemon_; }
  /// Runs a look at files. What it finds is a fault, or to a stranger a sentence of `unjudged`:
  /// the daemon may well be let in. Of root's looks it is said that modes were not judged.
  void judge(const std::function<void(StartFaults&)>& look, StartFaults& faults,
             std::vector<std::string>& unjudged) const;

 private:
  std::string data_dir_;
  uid_t daemon_;
};

}  // namespace reeld::app::daemon
