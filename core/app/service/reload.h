// SIGHUP: the configuration is read again. All or nothing: a fault anywhere, or one part that
// refuses, and everything stays as it was. Keys no part can take over at run time wait for a
// restart, by name.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/metrics.h"
#include "config/load.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::app::service {

class Reload {
 public:
  /// `started` is what the daemon runs with; `sources` are read again.
  Reload(config::Sources sources, config::Loaded started, const Clock& clock, const Log& log,
         Metrics& metrics);

  /// A part that takes over keys at run time. A name ends with "." to mean all below it
  /// ("upload.").
  struct Part {
    std::vector<std::string> keys;  ///< of a part without any, `check` judges every reload
    std::function<void(const config::Settings&)> check =
        {};  ///< may be empty; throws Error to refuse
    std::function<void(const config::Settings&)> apply = {};  ///< must not throw; may be empty
    /// For a part that can only agree by taking over: runs when all others have agreed, before they
    /// apply. Throws Error to refuse, with the old settings still in force. May be empty; one part
    /// has it.
    std::function<void(const config::Settings&)> take_over = {};
    /// Whether this change of a key can be taken over; if not, it waits for a restart. Empty: yes.
    std::function<bool(const std::string& key, const config::Settings&)> can = {};
  };
  void add(Part part);
  /// What an instance's configuration means; without it, what is written.
  using Meaning = std::function<std::string(const config::PluginSettings&)>;
  void compareBy(Meaning meaning) { meaning_ = std::move(meaning); }

  struct Outcome {
    bool ok = false;
    std::vector<std::string> applied;  ///< keys
    std::vector<std::string> waiting;  ///< keys that need a restart, also of earlier reloads
    std::vector<std::string> faults;   ///< what to print if not ok
  };
  /// Main thread. Writes what happened to the log.
  Outcome run();

  /// What was read last without a fault. Any thread.
  config::Loaded current() const;
  std::vector<std::string> waiting() const;

 private:
  struct State {
    config::Loaded loaded;
    std::vector<std::string> waiting;
  };
  Outcome tryRun();
  const Part* partFor(const std::string& key, const config::Settings& next) const;

  config::Sources sources_;
  const config::Settings started_;
  Guarded<State> state_;
  const Clock& clock_;
  const Log& log_;
  Gauge& successful_;
  Gauge& success_time_;
  std::vector<Part> parts_;
  Meaning meaning_;
};

/// Names of keys whose values differ; plugins by instance ("plugins.disk"). No configuration and an
/// empty one are the same, and so is one whose members stand in another order.
std::vector<std::string> changedKeys(const config::Settings& from, const config::Settings& to,
                                     const Reload::Meaning& meaning = {});

}  // namespace reeld::app::service
