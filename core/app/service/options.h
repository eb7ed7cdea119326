// The command line of the daemon.
#pragma once
#include "config/load.h"

#include <string>
#include <vector>

namespace reeld::app::service {

struct Options {
  enum class Action { Run, CheckConfig, PrintConfig, PrintDefaultConfig, Help, Version };
  Action action = Action::Run;
  config::Sources sources;
  bool safe_mode = false;  ///< bundled plugins only
};

/// Throws Error INVALID (exit code 2). `variables` is environ.
Options parseOptions(const std::vector<std::string>& arguments, char** variables);

std::string helpText();

}  // namespace reeld::app::service
