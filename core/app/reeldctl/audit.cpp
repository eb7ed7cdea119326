// reeldctl audit verify, export. Both ask the instance that keeps the trail, piece by piece, so
// that neither its length nor the patience of one call is a limit.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"

#include <unistd.h>

#include <algorithm>
#include <ostream>

namespace reeld::app::reeldctl {

namespace {

const cli::Option InstanceOption{"instance", "NAME",
                                 "the plugin instance that keeps the trail (audit)"};

Json ask(Context& context, const std::string& what) {
  return context.call(
      "plugins report",
      Json::Object{{"name", context.line().value("instance", "audit")}, {"what", what}});
}

/// What a checkpoint of the journal says, against what is stored.
int compare(Context& context, std::string mark) {
  std::replace(mark.begin(), mark.end(), ':', ' ');
  const Json result = ask(context, "checkpoint " + mark);
  context.print(result,
                [](const Json& answer) { return cli::printable(text(answer, "text")) + "\n"; });
  return flag(result, "ok") ? cli::Success : cli::Failure;
}

struct Sum {
  std::int64_t records = 0;
  std::int64_t maybe_missing = 0;
  std::int64_t unanchored = 0;
  Json::Array findings;
  Json::Array notes;

  void add(const Json& piece) {
    records += integer(piece, "records");
    maybe_missing += integer(piece, "maybe_missing");
    unanchored += integer(piece, "unanchored");
    const auto append = [&](Json::Array& to, const char* name) {
      const auto& more = rowsOf(piece, name).array();
      to.insert(to.end(), more.begin(), more.end());
    };
    append(findings, "findings");
    append(notes, "notes");
  }
  Json json() const {
    return Json::Object{{"records", records},
                        {"findings", findings},
                        {"notes", notes},
                        {"maybe_missing", maybe_missing},
                        {"unanchored", unanchored}};
  }
};

std::string printedSum(const Json& sum) {
  std::string out;
  for (const auto& finding : rowsOf(sum, "findings").array()) {
    out += cli::printable(text(finding, "text")) + "\n";
  }
  for (const auto& note : rowsOf(sum, "notes").array()) {
    out += cli::printable(note.text()) + "\n";
  }
  const std::size_t wrong = rowsOf(sum, "findings").array().size();
  out += text(sum, "records") + " records, " +
         (wrong == 0   ? "all as they were written"
          : wrong == 1 ? "1 finding"
                       : std::to_string(wrong) + " findings");
  if (integer(sum, "maybe_missing") > 0) {
    out += "; up to " + text(sum, "maybe_missing") + " requests may be missing";
  }
  if (integer(sum, "unanchored") > 0) {
    out += "; " + text(sum, "unanchored") + " are newer than the last checkpoint";
  }
  return out + "\n";
}

int verifyTrail(Context& context) {
  if (context.line().has("checkpoint")) {
    return compare(context, context.line().value("checkpoint"));
  }
  const bool on_terminal = isatty(STDERR_FILENO) == 1 && !context.wantsJson();
  std::ostream& err = context.streams().err;
  Sum sum;
  std::string place;
  do {
    const Json piece = ask(context, "verify" + place);
    sum.add(piece);
    const std::string next = text(piece, "next");
    place = next.empty() ? "" : " " + next;
    if (on_terminal) {
      err << "\r\x1b[K" << sum.records << " records" << std::flush;
    }
  } while (!place.empty());
  if (on_terminal) {
    err << "\r\x1b[K";
  }
  context.print(sum.json(), printedSum);
  return sum.findings.empty() ? cli::Success : cli::Failure;
}

int exportTrail(Context& context) {
  std::ostream& out = context.streams().out;
  std::string place;
  do {
    const Json piece = ask(context, "export" + place);
    for (const auto& record : rowsOf(piece, "records").array()) {
      out << record.dump() << '\n';
    }
    const std::string next = text(piece, "next");
    place = next.empty() ? "" : " " + next;
  } while (!place.empty() && out);
  return out.flush() ? cli::Success : cli::Failure;
}

}  // namespace

Subcommands auditSubcommands() {
  return {
      {"audit verify",
       "",
       "hold every record of the audit trail against its seal, and name those that were changed, "
       "inserted, moved or taken out",
       {InstanceOption,
        {"checkpoint", "BOOT:RECORD:SEAL",
         "ask only whether the trail has that checkpoint of the journal"}},
       verifyTrail},
      {"audit export",
       "",
       "print every record of the audit trail as a line of JSON, oldest first",
       {InstanceOption},
       exportTrail},
  };
}

}  // namespace reeld::app::reeldctl
