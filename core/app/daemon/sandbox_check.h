// Does the sandbox hold that encoders run in, and of which layers is it made here? What its own
// test says, for /readyz and for an administrator who checks the configuration.
#pragma once
#include "base/json.h"
#include "config/settings.h"
#include "processing/worker_process.h"

#include <string>

namespace reeld::app::daemon {

/// {"mode":"required","layers":{...},"refused":{...}} with the reason for each layer that could not
/// be had, or {"mode":"off"}. Starts a child. Throws Error UNAVAILABLE if it does not hold.
Json checkedSandbox(const config::Settings& settings, processing::WorkerProcess& encoder);
/// The same of an encoder that would be run with these settings, for beside a running daemon.
Json checkedSandbox(const config::Settings& settings, const Clock& clock, const Log& log,
                    Metrics& metrics);

/// Of what checkedSandbox() says, the sentence for people.
std::string sandboxSentence(const Json& checked);

}  // namespace reeld::app::daemon
