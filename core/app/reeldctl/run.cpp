// Finds the subcommand, gives help, and turns errors into messages and exit codes.
#include "app/cli/exit_code.h"
#include "app/reeldctl/context.h"
#include "base/error.h"
#include "base/suggestion.h"

#include <algorithm>
#include <ostream>

namespace reeld::app::reeldctl {

namespace {

const std::vector<cli::Option>& commonOptions() {
  static const std::vector<cli::Option> options = {
      {"json", "", "print the result as JSON"},
      {"socket", "PATH", "the daemon's control socket"},
      {"data-dir", "DIR", "the daemon's data_dir, which holds its socket"},
      {"config", "FILE", "the daemon's configuration, which names its data_dir"},
      {"help", "", "print this, and end"},
  };
  return options;
}

Subcommands allSubcommands() {
  Subcommands all;
  for (const auto& group :
       {systemSubcommands(), userSubcommands(), videoSubcommands(), videoFileSubcommands(),
        videoChangeSubcommands(), storageSubcommands(), jobSubcommands(), mailSubcommands(),
        pluginSubcommands(), auditSubcommands(), moneySubcommands()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

std::string usage(const Subcommands& all) {
  std::size_t width = 0;
  for (const auto& one : all) {
    width = std::max(width, one.name.size() + one.operands.size() + 1);
  }
  std::string text = "usage: reeldctl COMMAND [options]\n\nThe administrator's tool of reeld.\n\n";
  for (const auto& one : all) {
    std::string line = "  " + one.name + (one.operands.empty() ? "" : " " + one.operands);
    line.resize(width + 4, ' ');
    text += line + one.help + "\n";
  }
  return text + "\n" + cli::optionsHelp(commonOptions()) +
         "\n`reeldctl COMMAND --help` says more. Exit codes: 0 done, 1 refused or failed, 2 wrong "
         "usage,\n"
         "75 the daemon is not there, 78 the configuration is wrong.\n";
}

std::string usage(const Subcommand& one) {
  std::string text = "usage: reeldctl " + one.name +
                     (one.operands.empty() ? "" : " " + one.operands) + " [options]\n\n" +
                     one.help + "\n\n";
  return text + cli::optionsHelp(one.options) + cli::optionsHelp(commonOptions());
}

/// The subcommand the arguments begin with, and how many words its name has.
std::pair<const Subcommand*, std::size_t> find(const Subcommands& all,
                                               const std::vector<std::string>& arguments) {
  std::string name;
  std::pair<const Subcommand*, std::size_t> found{nullptr, 0};
  for (std::size_t words = 1; words <= 2 && words <= arguments.size(); ++words) {
    name += (words > 1 ? " " : "") + arguments[words - 1];
    for (const auto& one : all) {
      if (one.name == name) {
        found = {&one, words};
      }
    }
  }
  return found;
}

/// "" if it names nothing; else the lines of help for a group such as "user".
std::string groupUsage(const Subcommands& all, const std::string& group) {
  std::string text;
  for (const auto& one : all) {
    if (one.name.starts_with(group + " ")) {
      text += "  reeldctl " + one.name + " " + one.operands + "\n";
    }
  }
  return text;
}

int unknown(const Subcommands& all, const std::vector<std::string>& arguments, Streams& streams) {
  if (const std::string group = groupUsage(all, arguments[0]); !group.empty()) {
    const bool asked = arguments.size() > 1 && arguments[1] == "--help";
    (asked ? streams.out : streams.err) << "one of:\n" << group;
    return asked ? cli::Success : cli::Usage;
  }
  std::vector<std::string> names;
  for (const auto& one : all) {
    names.push_back(one.name);
    names.push_back(one.name.substr(0, one.name.find(' ')));
  }
  std::string given = arguments[0];
  if (arguments.size() > 1 && !arguments[1].starts_with('-')) {
    given += " " + arguments[1];
  }
  std::string hint = didYouMean(given, names);
  if (hint.empty()) {
    hint = didYouMean(arguments[0], names);
  }
  streams.err << "reeldctl: unknown command \"" << given << "\"" << hint
              << "; see reeldctl --help\n";
  return cli::Usage;
}

int exitCode(const Error& error) {
  if (error.reason() == "usage") {
    return cli::Usage;
  }
  return error.code() == ErrorCode::Unavailable ? cli::Temporary : cli::Failure;
}

}  // namespace

int run(const std::vector<std::string>& arguments, Streams streams) {
  const Subcommands all = allSubcommands();
  // Options that all have may also stand in front: reeldctl --socket PATH status.
  std::size_t begin = 0;
  bool wants_help = false;
  while (begin < arguments.size() && arguments[begin].starts_with("--") &&
         arguments[begin] != "--version") {
    wants_help = wants_help || arguments[begin] == "--help";
    const bool takes_value = arguments[begin].find('=') == std::string::npos &&
                             arguments[begin] != "--json" && arguments[begin] != "--help";
    begin += takes_value ? 2 : 1;
  }
  const auto middle =
      arguments.begin() + static_cast<std::ptrdiff_t>(std::min(begin, arguments.size()));
  std::vector<std::string> words(middle, arguments.end());
  if (wants_help || (!words.empty() && words[0] == "help")) {
    streams.out << usage(all);
    return cli::Success;
  }
  if (words.empty()) {
    streams.err << usage(all);
    return cli::Usage;
  }
  if (words[0] == "--version") {
    streams.out << "reeldctl " REELD_VERSION "\n";
    return cli::Success;
  }
  const auto [subcommand, length] = find(all, words);
  if (subcommand == nullptr) {
    return unknown(all, words, streams);
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(length));
  words.insert(words.begin(), arguments.begin(), middle);

  std::vector<cli::Option> options = subcommand->options;
  options.insert(options.end(), commonOptions().begin(), commonOptions().end());
  std::unique_ptr<cli::CommandLine> line;
  try {
    line = std::make_unique<cli::CommandLine>(options, words);
    if (line->operands().size() > subcommand->most_operands && !line->has("help")) {
      throw Error(ErrorCode::Invalid,
                  "unexpected operand \"" + line->operands()[subcommand->most_operands] + "\"");
    }
  } catch (const Error& error) {
    streams.err << "reeldctl " << subcommand->name << ": " << error.what() << "\n";
    return cli::Usage;
  }
  if (line->has("help")) {
    streams.out << usage(*subcommand);
    return cli::Success;
  }
  try {
    Context context(*line, streams);
    return subcommand->run(context);
  } catch (const Error& error) {
    streams.out.flush();
    streams.err << "reeldctl " << subcommand->name << ": " << error.what() << "\n";
    return exitCode(error);
  }
}

}  // namespace reeld::app::reeldctl
