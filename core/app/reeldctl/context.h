// What a subcommand of reeldctl works with: its command line, the daemon, and where to print.
#pragma once
#include "app/cli/command_line.h"
#include "app/control/client.h"
#include "base/json.h"

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace reeld::app::reeldctl {

/// Standard input and output, or a test's.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

class Context {
 public:
  Context(const cli::CommandLine& line, Streams streams) : line_(line), streams_(streams) {}

  const cli::CommandLine& line() const noexcept { return line_; }
  /// The operand at that place; throws Error INVALID naming it if it is not there.
  const std::string& operand(std::size_t place, const std::string& name) const;
  /// A whole number from 1 on; throws Error INVALID naming it.
  std::int64_t number(const std::string& text, const std::string& name) const;
  /// What the options --limit (else `limit`) and --state ask of a list.
  Json listArgs(const std::string& limit) const;
  bool wantsJson() const { return line_.has("json"); }

  /// Asks the daemon; the connection is made at the first call.
  Json call(const std::string& command, const Json& args = Json::Object(), int file = -1,
            const control::Client::Progress& progress = {});
  /// The same for what can be looked at without a daemon: if there is none, it is said how.
  Json callOrSayHow(const std::string& command, const Json& args = Json::Object());
  /// The result as it came with --json, else what `human` makes of it.
  void print(const Json& result, const std::function<std::string(const Json&)>& human) const;
  Streams& streams() noexcept { return streams_; }

 private:
  const cli::CommandLine& line_;
  Streams streams_;
  std::unique_ptr<control::Client> client_;
};

/// --socket, else the one below --data-dir, else the service's in /run/reeld, else that of the
/// configuration (--config, or the default file) and its data_dir.
std::string findSocket(const cli::CommandLine& line);

struct Subcommand {
  std::string name;                  ///< "user create"
  std::string operands;              ///< "EMAIL"
  std::string help;                  ///< a sentence
  std::vector<cli::Option> options;  ///< besides those all have
  std::function<int(Context&)> run;  ///< exit code; throws Error
  std::size_t most_operands = 0;
};
using Subcommands = std::vector<Subcommand>;

Subcommands systemSubcommands();
Subcommands userSubcommands();
Subcommand userImportSubcommand();  ///< one of them
Subcommands videoSubcommands();
Subcommands videoFileSubcommands();
Subcommands videoChangeSubcommands();
Subcommands storageSubcommands();
Subcommands jobSubcommands();
Subcommands mailSubcommands();
Subcommands pluginSubcommands();
Subcommands auditSubcommands();
Subcommands moneySubcommands();

/// All of reeldctl but main; exit codes as in cli/exit_code.h.
int run(const std::vector<std::string>& arguments, Streams streams);

// Members of results, for printing: "" or 0 if they are absent or null.
std::string text(const Json& object, std::string_view name);
std::int64_t integer(const Json& object, std::string_view name);
bool flag(const Json& object, std::string_view name);
/// The rows of an answer; throws Error INTERNAL if it has none by that name.
const Json& rowsOf(const Json& answer, std::string_view name);

}  // namespace reeld::app::reeldctl
