#include "app/service/options.h"

#include "app/cli/command_line.h"
#include "base/error.h"

namespace reeld::app::service {

namespace {

const std::vector<cli::Option>& table() {
  static const std::vector<cli::Option> options = {
      {"config", "FILE",
       std::string("the configuration (default ") + config::DefaultFile +
           "); conf.d/*.yaml beside it is read too"},
      {"set", "KEY=VALUE", "one setting that beats files and environment; may be repeated", true},
      {"check-config", "", "say what is wrong with the configuration, and end (78 if anything)"},
      {"print-config", "",
       "print the effective configuration and where each value was set, and end"},
      {"print-default-config", "", "print every setting with its default and a sentence, and end"},
      {"safe-mode", "", "load bundled plugins only"},
      {"help", "", "print this, and end"},
      {"version", "", "print the version, and end"},
  };
  return options;
}

}  // namespace

Options parseOptions(const std::vector<std::string>& arguments, char** variables) {
  const cli::CommandLine line(table(), arguments);
  if (!line.operands().empty()) {
    throw Error(ErrorCode::Invalid, "unexpected operand \"" + line.operands().front() + "\"");
  }
  using Action = Options::Action;
  static const std::vector<std::pair<std::string, Action>> Actions = {
      {"help", Action::Help},
      {"version", Action::Version},
      {"print-default-config", Action::PrintDefaultConfig},
      {"check-config", Action::CheckConfig},
      {"print-config", Action::PrintConfig},
  };
  Options options;
  for (const auto& [name, action] : Actions) {
    if (!line.has(name)) {
      continue;
    }
    if (options.action != Action::Run && options.action != Action::Help) {
      throw Error(ErrorCode::Invalid, "--" + name + " does not go with another action");
    }
    options.action = options.action == Action::Run ? action : options.action;
  }
  options.sources.file = line.value("config", config::DefaultFile);
  options.sources.file_was_named = line.has("config");
  options.sources.environment = config::reeldVariables(variables);
  options.sources.assignments = line.all("set");
  options.safe_mode = line.has("safe-mode");
  return options;
}

std::string helpText() {
  return "usage: reeld [options]\n\nreeld, a self-hosted media platform: the daemon.\n\n" +
         cli::optionsHelp(table()) +
         "\nA setting is also taken from the environment: REELD__HTTP__LISTEN=127.0.0.1:8470.\n"
         "Exit codes: 0 ended as asked, 1 failed, 2 wrong options, 75 something is away (try "
         "again),\n"
         "78 the configuration must be corrected first.\n";
}

}  // namespace reeld::app::service
