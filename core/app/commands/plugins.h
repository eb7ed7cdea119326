// plugins list, check, chain, report.
#pragma once
#include "app/control/command.h"
#include "http/server.h"
#include "plugin/registry.h"

namespace reeld::app::commands {

/// Both outlive the commands.
control::Commands pluginCommands(plugin::Registry& registry, const http::Server& server);

}  // namespace reeld::app::commands
