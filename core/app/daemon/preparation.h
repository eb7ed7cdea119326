// Everything a start needs that can be judged before the database is touched: the data folder and
// what lies in it, secrets, the worker, plugins, addresses. All of it is looked at, and an
// administrator hears of every fault at once.
#pragma once
#include "app/daemon/data_folder.h"
#include "app/service/inherited_sockets.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "config/settings.h"
#include "plugin/registry.h"

#include <memory>
#include <string>
#include <vector>

namespace reeld::app::daemon {

struct Preparation {
  DataFolder folder;  ///< locked
  Secret secret;      ///< signs tokens and grants
  service::InheritedSockets sockets;
  std::unique_ptr<plugin::Registry> plugins;  ///< loaded, not started
};

/// Throws one Error with a line for each fault. What admin.password_file lacks is told with the
/// others; alone it is no fault yet, because only the database knows whether an administrator must
/// be made.
Preparation prepare(const config::Settings& settings, bool safe_mode, Log& log, Metrics& metrics,
                    const Clock& clock);

/// What a look from outside found to be good, and what it could not judge.
struct Examination {
  std::unique_ptr<plugin::Registry> plugins;  ///< as they would be
  std::vector<std::string> unjudged;          ///< a sentence each
  std::string sandbox;  ///< of which layers that of encoders is made; empty: none would run here
};

/// The same look without taking, making or binding anything, for beside a running daemon. Who looks
/// may be another user than the daemon's, who is taken to own the data folder. Throws as prepare().
Examination examine(const config::Settings& settings, bool safe_mode, Log& log, Metrics& metrics,
                    const Clock& clock);

}  // namespace reeld::app::daemon
