// The daemon's main: options, configuration, and what is to be done with them. Everything that runs
// is in application.cpp.
#include "app/application.h"
#include "app/cli/exit_code.h"
#include "app/cli/fault_lines.h"
#include "app/service/options.h"
#include "app/service/signals.h"
#include "base/crypto.h"
#include "base/error.h"
#include "config/load.h"
#include "config/print.h"

#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace reeld;
using namespace reeld::app;
using Action = service::Options::Action;

int withConfiguration(const service::Options& options) {
  auto loaded = config::load(options.sources);
  if (!loaded.ok()) {
    for (const auto& fault : loaded.faults) {
      std::cerr << "reeld: " << fault.text() << '\n';
    }
    return cli::Config;
  }
  if (options.action == Action::PrintConfig) {
    std::cout << config::printConfig(loaded);
    return cli::Success;
  }
  if (options.action == Action::CheckConfig) {
    for (const auto& note : loaded.notes) {
      std::cout << "mind: " << note << '\n';
    }
    const std::string report = checkStart(loaded.settings, options.safe_mode);
    std::cout << report;
    return cli::Success;
  }
  return runDaemon(options, std::move(loaded));
}

int perform(const std::vector<std::string>& arguments) {
  service::Options options;
  try {
    options = service::parseOptions(arguments, environ);
  } catch (const Error& error) {
    std::cerr << "reeld: " << error.what() << "\n(reeld --help lists the options)\n";
    return cli::Usage;
  }
  switch (options.action) {
    case Action::Help:
      std::cout << service::helpText();
      return cli::Success;
    case Action::Version:
      std::cout << "reeld " REELD_VERSION "\n";
      return cli::Success;
    case Action::PrintDefaultConfig:
      std::cout << config::defaultConfig();
      return cli::Success;
    default:
      return withConfiguration(options);
  }
}

}  // namespace

int main(int argc, char** argv) {
  service::blockSignals();
  try {
    initCrypto();
    return perform({argv + 1, argv + argc});
  } catch (const Error& error) {
    std::cerr << cli::printedFaults("reeld", error.what());
    return cli::startFailure(error.code());
  } catch (const std::exception& error) {
    std::cerr << "reeld: " << error.what() << '\n';
    return cli::Failure;
  }
}
