// The child's half of a probe. Runs the plugin's code, so never in the daemon.
#pragma once
#include <string>

namespace reeld::plugin {

/// {"plugin": {...}} or {"refused": {"what": ..., "remedy": ...}}, which Prober::probe() reads.
std::string answerProbe(const std::string& absolute_path);

}  // namespace reeld::plugin
