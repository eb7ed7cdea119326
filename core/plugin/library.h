// One opened plugin file: RTLD_NOW, RTLD_LOCAL, RTLD_NODELETE, by absolute path, never unloaded
// (a thread of the plugin may still run its code). The only user of Boost.DLL.
// Opening runs the plugin's constructors, so the daemon opens only what a probe came back from.
#pragma once
#include "plugin/refusal.h"

#include <reeld/plugin.h>

#include <string>
#include <variant>

namespace reeld::plugin {

/// The plugin's own static descriptor, not looked at yet, or why there is none.
std::variant<const reeld_plugin*, Refusal> openLibrary(const std::string& absolute_path);

}  // namespace reeld::plugin
