// reeldctl mail list, retry, test.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"

namespace reeld::app::reeldctl {

namespace {

std::string printedMails(const Json& mails) {
  cli::Table table({"ID", "PURPOSE", "TO", "STATE", "TRY", "NEXT TRY", "CREATED", "LAST ERROR"});
  for (const auto& mail : mails.array()) {
    const bool waits = text(mail, "state") == "waiting";
    table.add({text(mail, "id"), text(mail, "purpose"), text(mail, "email"), text(mail, "state"),
               text(mail, "attempt"), waits ? cli::printedTime(integer(mail, "run_at")) : "-",
               cli::printedTime(integer(mail, "created_at")), text(mail, "last_error")});
  }
  return table.text();
}

int listMails(Context& context) {
  const Json answer = context.call("mail list", context.listArgs("100"));
  context.print(rowsOf(answer, "mails"), printedMails);
  return cli::Success;
}

int retryMail(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  context.print(context.call("mail retry", Json::Object{{"id", id}}), [](const Json& mail) {
    return "mail " + text(mail, "id") + " is tried again now\n";
  });
  return cli::Success;
}

int test(Context& context) {
  const Json args = Json::Object{{"user", context.operand(0, "USER")}};
  context.print(context.call("mail test", args), [](const Json& mail) {
    return "mail " + text(mail, "id") + " to " + cli::printable(text(mail, "email")) +
           " is on its way; reeldctl mail list shows what becomes of it\n";
  });
  return cli::Success;
}

}  // namespace

Subcommands mailSubcommands() {
  return {
      {"mail list",
       "",
       "list mails of the last week, newest first",
       {{"state", "STATE", "only these: waiting, sending, sent, discarded"},
        {"limit", "N", "at most so many (default 100)"}},
       listMails},
      {"mail retry",
       "ID",
       "try a waiting mail now, or start a discarded one over",
       {},
       retryMail,
       1},
      {"mail test", "USER", "send a user (id or e-mail) a mail that tries the way", {}, test, 1},
  };
}

}  // namespace reeld::app::reeldctl
