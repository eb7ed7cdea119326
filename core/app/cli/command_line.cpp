#include "app/cli/command_line.h"

#include "base/error.h"
#include "base/suggestion.h"

#include <algorithm>

namespace reeld::app::cli {

namespace {

const Option& find(const std::vector<Option>& options, const std::string& name) {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.name == name; });
  if (found == options.end()) {
    std::vector<std::string> names;
    for (const auto& option : options) {
      names.push_back("--" + option.name);
    }
    throw Error(ErrorCode::Invalid, "unknown option --" + name + didYouMean("--" + name, names));
  }
  return *found;
}

}  // namespace

CommandLine::CommandLine(const std::vector<Option>& options,
                         const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      operands_.insert(operands_.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       arguments.end());
      return;
    }
    if (!argument.starts_with('-') || argument == "-") {
      operands_.push_back(argument);
      continue;
    }
    if (!argument.starts_with("--")) {
      throw Error(ErrorCode::Invalid,
                  "unknown option " + argument + " (options are written --name)");
    }
    const auto equals = argument.find('=');
    const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
    const Option& option = find(options, name);
    std::string value;
    if (option.value.empty()) {
      if (equals != std::string::npos) {
        throw Error(ErrorCode::Invalid, "--" + name + " takes no value");
      }
    } else if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    } else {
      throw Error(ErrorCode::Invalid,
                  "--" + name + " needs a value: --" + name + " " + option.value);
    }
    auto& values = values_[name];
    if (!values.empty() && !option.repeatable) {
      throw Error(ErrorCode::Invalid, "--" + name + " is given twice");
    }
    values.push_back(std::move(value));
  }
}

std::string CommandLine::value(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second.front();
}

std::vector<std::string> CommandLine::all(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::string optionsHelp(const std::vector<Option>& options) {
  std::size_t width = 0;
  for (const auto& option : options) {
    width = std::max(width, option.name.size() + option.value.size());
  }
  std::string text;
  for (const auto& option : options) {
    std::string line = "  --" + option.name + (option.value.empty() ? "" : " " + option.value);
    line.resize(width + 7, ' ');
    text += line + option.help + "\n";
  }
  return text;
}

}  // namespace reeld::app::cli
