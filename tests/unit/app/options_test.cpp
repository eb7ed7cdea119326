// The command line, and the tables reeldctl prints.
#include "app/service/options.h"

#include "app/cli/command_line.h"
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::app;
using Action = service::Options::Action;

namespace {

char* no_variables[] = {nullptr};

service::Options parse(const std::vector<std::string>& arguments) {
  return service::parseOptions(arguments, no_variables);
}

std::string complaint(const std::vector<std::string>& arguments) {
  try {
    parse(arguments);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("options are taken in both spellings") {
  const auto options = parse({"--config=/x.yaml", "--set", "a.b=c", "--set=d=e", "--safe-mode"});
  CHECK(options.action == Action::Run);
  CHECK(options.sources.file == "/x.yaml");
  CHECK(options.sources.file_was_named);
  CHECK(options.sources.assignments == std::vector<std::string>{"a.b=c", "d=e"});
  CHECK(options.safe_mode);
  CHECK_FALSE(parse({}).sources.file_was_named);
  CHECK(parse({}).sources.file == "/etc/reeld/reeld.yaml");
}

TEST_CASE("each action has its option, and help beats them") {
  CHECK(parse({"--check-config"}).action == Action::CheckConfig);
  CHECK(parse({"--print-config"}).action == Action::PrintConfig);
  CHECK(parse({"--print-default-config"}).action == Action::PrintDefaultConfig);
  CHECK(parse({"--version"}).action == Action::Version);
  CHECK(parse({"--help", "--version"}).action == Action::Help);
}

TEST_CASE("a wrong command line says what is wrong") {
  CHECK(complaint({"--confg", "x"}) == "unknown option --confg (did you mean \"--config\"?)");
  CHECK(complaint({"--config"}) == "--config needs a value: --config FILE");
  CHECK(complaint({"--config=a", "--config=b"}) == "--config is given twice");
  CHECK(complaint({"--safe-mode=yes"}) == "--safe-mode takes no value");
  CHECK(complaint({"-c", "x"}) == "unknown option -c (options are written --name)");
  CHECK(complaint({"start"}) == "unexpected operand \"start\"");
  CHECK(complaint({"--check-config", "--print-config"}) ==
        "--print-config does not go with another action");
}

TEST_CASE("what follows two dashes is no option, and one dash is an operand") {
  const cli::CommandLine line({{"a", "", ""}}, {"--a", "-", "--", "--b"});
  CHECK(line.has("a"));
  CHECK(line.operands() == std::vector<std::string>{"-", "--b"});
}

TEST_CASE("every option is in the help") {
  const std::string help = service::helpText();
  for (const std::string name :
       {"--config FILE", "--set KEY=VALUE", "--check-config", "--print-config",
        "--print-default-config", "--safe-mode", "--help", "--version"}) {
    CHECK_THAT(help, ContainsSubstring(name));
  }
}

TEST_CASE("a table aligns numbers to the right and disarms control characters") {
  cli::Table table({"ID", "TITLE", "SIZE"});
  table.add({"7", "Ünï", "10"});
  table.add({"12", "a\x1b[2Jb\n\xc2\x9b", "9"});
  CHECK(table.text() ==
        "ID  TITLE              SIZE\n"
        " 7  Ünï                  10\n"
        "12  a\\x1b[2Jb\\x0a\\x9b     9\n");
  CHECK(cli::printedTime(1'763'637'163'999) == "2025-11-20 11:12:43");
}

TEST_CASE("a failed start ends with a code the service manager can act on") {
  CHECK(cli::startFailure(ErrorCode::Unavailable) == 75);
  CHECK(cli::startFailure(ErrorCode::Exhausted) == 75);
  CHECK(cli::startFailure(ErrorCode::Invalid) == 78);
  CHECK(cli::startFailure(ErrorCode::Internal) == 1);
}
