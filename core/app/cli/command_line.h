// A command line against the options a program knows: --name value, --name=value, flags, operands.
// Unknown options are refused with a suggestion. Makes the help text from the same table.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace reeld::app::cli {

struct Option {
  std::string name;   ///< "config"
  std::string value;  ///< what it takes, for the help ("FILE"); "" = a flag
  std::string help;
  bool repeatable = false;
};

class CommandLine {
 public:
  /// Throws Error INVALID for what does not fit: exit code 2. `--` ends the options; "-" is an
  /// operand.
  CommandLine(const std::vector<Option>& options, const std::vector<std::string>& arguments);

  bool has(const std::string& name) const { return values_.count(name) > 0; }
  /// The value, or the fallback if the option was not given.
  std::string value(const std::string& name, const std::string& fallback = {}) const;
  std::vector<std::string> all(const std::string& name) const;
  const std::vector<std::string>& operands() const noexcept { return operands_; }

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> operands_;
};

/// One line per option, for --help.
std::string optionsHelp(const std::vector<Option>& options);

}  // namespace reeld::app::cli
