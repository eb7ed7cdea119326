// plugins list, plugins check.
#pragma once
#include "app/control/command.h"
#include "plugin/registry.h"

namespace reeld::app::commands {

/// The registry outlives the commands.
control::Commands pluginCommands(plugin::Registry& registry);

}  // namespace reeld::app::commands
