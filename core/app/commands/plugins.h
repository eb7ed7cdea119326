// plugins list, plugins check, plugins chain.
#pragma once
#include "app/control/command.h"
#include "http/server.h"
#include "plugin/registry.h"

namespace reeld::app::commands {

/// Both outlive the commands.
control::Commands pluginCommands(plugin::Registry& registry, const http::Server& server);

}  // namespace reeld::app::commands
