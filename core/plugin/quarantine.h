// Whether an instance has crashed so often that a daemon is better off without it.
#pragma once
#include "plugin/refusal.h"

#include <optional>
#include <string>

namespace reeld::plugin {

/// Three crashes within ten minutes, told by its record, since the plugin's file was put there:
/// another file, or no record, gives it another chance.
std::optional<Refusal> quarantine(const std::string& record, const std::string& plugin_file);

}  // namespace reeld::plugin
