// reeldctl user import.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"
#include "base/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>

namespace reeld::app::reeldctl {

namespace {

FileDescriptor openFile(const std::string& path) {
  FileDescriptor file(path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    throw systemError("cannot open " + path, errno);
  }
  return file;
}

/// What the daemon tells step by step, gathered.
class Told {
 public:
  Told(std::ostream& err, bool on_terminal) : err_(err), on_terminal_(on_terminal) {}

  void step(const Json& step) {
    if (const Json* fault = step.find("fault")) {
      faults_.push_back(*fault);
    } else if (const Json* existing = step.find("existing")) {
      existing_.push_back(*existing);
    } else if (const std::int64_t of = integer(step, "of"); on_terminal_ && of > 0) {
      err_ << "\r\x1b[K" << integer(step, "done") << " of " << of << std::flush;
    }
  }
  void clear() {
    if (on_terminal_) {
      err_ << "\r\x1b[K";
    }
  }
  const Json::Array& faults() const { return faults_; }
  const Json::Array& existing() const { return existing_; }

 private:
  std::ostream& err_;
  const bool on_terminal_;
  Json::Array faults_;
  Json::Array existing_;
};

std::string faultLine(const Json& fault) {
  const std::string field = text(fault, "field");
  return "line " + text(fault, "line") + ": " + (field.empty() ? "" : field + " ") +
         cli::printable(text(fault, "sentence")) + "\n";
}

std::string users(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " user" : " users");
}

std::string printed(const Json& result, const Told& told) {
  const bool dry_run = flag(result, "dry_run");
  if (!told.faults().empty()) {
    return "nobody was imported: " + std::to_string(told.faults().size()) + " faults\n";
  }
  std::string out;
  for (const Json& one : told.existing()) {
    out += "line " + text(one, "line") + ": " + cli::printable(text(one, "email")) +
           " is here already and stays as it is\n";
  }
  return out + users(integer(result, "made")) + (dry_run ? " would be" : "") + " imported, " +
         text(result, "existing") + " were here\n";
}

int import(Context& context) {
  const FileDescriptor file = openFile(context.operand(0, "FILE"));
  std::ostream& err = context.streams().err;
  Told told(err, isatty(STDERR_FILENO) == 1 && !context.wantsJson());
  const Json args = Json::Object{{"dry_run", context.line().has("dry-run")}};
  Json result =
      context.call("user import", args, file.get(), [&](const Json& step) { told.step(step); });
  told.clear();
  if (context.wantsJson()) {
    result.set("faults", told.faults());
    result.set("existing", told.existing());
  } else {
    for (const Json& fault : told.faults()) {
      err << faultLine(fault);
    }
  }
  context.print(result, [&](const Json& answer) { return printed(answer, told); });
  return told.faults().empty() ? cli::Success : cli::Failure;
}

}  // namespace

Subcommand userImportSubcommand() {
  return {"user import",
          "FILE",
          "make users of another system, with the records of their passwords, from a file or from "
          "standard input (-)",
          {{"dry-run", "", "check everything, say what would be done, and do nothing"}},
          import,
          1};
}

}  // namespace reeld::app::reeldctl
