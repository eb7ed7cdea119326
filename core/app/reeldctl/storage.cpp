// reeldctl storage scan.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"

#include <unistd.h>

#include <ostream>

namespace reeld::app::reeldctl {

namespace {

std::string lines(const Json& report, const char* list, const std::string& what) {
  std::string out;
  for (const auto& key : rowsOf(report, list).array()) {
    out += what + " " + cli::printable(key.text()) + "\n";
  }
  return out;
}

std::string printedScan(const Json& report) {
  std::string out = lines(report, "orphan_keys", "no row names") +
                    lines(report, "missing_keys", "missing:") +
                    lines(report, "foreign_keys", "not reeld's:");
  return out + text(report, "objects") + " objects, " + text(report, "bytes") + " bytes; " +
         text(report, "orphans") + " that no row names (" + text(report, "orphan_bytes") +
         " bytes, " + text(report, "removed") + " removed), " + text(report, "missing") +
         " missing, " + text(report, "foreign") + " not reeld's\n";
}

int scan(Context& context) {
  const bool on_terminal = isatty(STDERR_FILENO) == 1 && !context.wantsJson();
  std::ostream& err = context.streams().err;
  const Json args = Json::Object{{"delete", context.line().has("delete")}};
  const Json report = context.call("storage scan", args, -1, [&](const Json& step) {
    if (on_terminal) {
      err << "\r\x1b[K" << integer(step, "objects") << " objects, " << integer(step, "orphans")
          << " orphans" << std::flush;
    }
  });
  if (on_terminal) {
    err << "\r\x1b[K";
  }
  context.print(report, printedScan);
  const bool is_clean =
      integer(report, "missing") == 0 && integer(report, "orphans") == integer(report, "removed");
  return is_clean ? cli::Success : cli::Failure;
}

}  // namespace

Subcommands storageSubcommands() {
  return {{"storage scan",
           "",
           "compare what is stored with what the database names, both ways",
           {{"delete", "", "remove what no row names"}},
           scan}};
}

}  // namespace reeld::app::reeldctl
