// The daemon as a whole. application.cpp builds the parts in order; that order is the file.
#pragma once
#include "app/service/options.h"
#include "config/load.h"

#include <string>

namespace reeld::app {

/// Runs until a signal ends it; returns the exit code. Throws Error if it cannot start.
int runDaemon(const service::Options& options, config::Loaded loaded);

/// Looks at everything a start would need, as far as that is possible beside a running daemon: the
/// data folder, secrets, the worker, plugins and the files they name, addresses. Returns what to
/// print; throws Error with every fault that would stop a start.
std::string checkStart(const config::Settings& settings, bool safe_mode);

}  // namespace reeld::app
