// status, config check, config print.
#pragma once
#include "app/control/command.h"
#include "app/service/health.h"
#include "app/service/reload.h"
#include "base/clock.h"
#include "config/load.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::app::commands {

struct SystemParts {
  const Clock& clock;
  service::Health& health;
  service::Reload& reload;
  config::Settings settings;  ///< the daemon runs with
  config::Sources sources;    ///< its configuration comes from
  std::string listen;         ///< as bound: a port 0 has become a number
  std::string admin_listen;
  std::string database;         ///< "SQLite", "PostgreSQL"
  std::int64_t started_ms = 0;  ///< Clock::monotonicMs() at the start; 0 = now
  /// Counts of jobs by state; may be empty.
  std::function<Json()> jobs;
  /// What the plugin host would refuse of these settings, a message each; may be empty.
  std::function<std::vector<std::string>(const config::Settings&)> check_plugins;
};

/// What `status` answers; SIGUSR2 writes the same to the log.
Json describe(const SystemParts& parts);

/// What the parts refer to outlives the commands.
control::Commands systemCommands(SystemParts parts);

}  // namespace reeld::app::commands
