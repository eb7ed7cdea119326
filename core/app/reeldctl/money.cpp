// reeldctl order list, order refund, ledger check, ledger export, access explain. An export is
// asked for piece by piece, so that neither its length nor the patience of one call is a limit.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"

#include <array>
#include <ostream>

namespace reeld::app::reeldctl {

namespace {

int listOrders(Context& context) {
  Json args = context.listArgs("100");
  if (context.line().has("user")) {
    args.set("user", context.line().value("user"));
  }
  context.print(rowsOf(context.call("order list", args), "orders"), [](const Json& orders) {
    constexpr std::size_t TitleColumns = 40;
    cli::Table table({"ID", "USER", "VIDEO", "STATE", "AMOUNT", "CREATED", "PROVIDER", "TITLE"});
    for (const auto& order : orders.array()) {
      const bool is_due = flag(order, "refund_due");
      table.add({text(order, "id"), text(order, "user"), text(order, "video"),
                 text(order, "state") + (is_due ? ", refund due" : ""),
                 text(order, "amount") + " " + text(order, "currency"),
                 cli::printedTime(integer(order, "created_at")), text(order, "provider"),
                 cli::shortened(text(order, "title"), TitleColumns)});
    }
    return table.text();
  });
  return cli::Success;
}

int refund(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  context.print(context.call("order refund", Json::Object{{"id", id}}), [](const Json& order) {
    return "order " + text(order, "id") + ": " + text(order, "amount") + " " +
           text(order, "currency") + " given back; what it opened is shut\n";
  });
  return cli::Success;
}

int checkLedger(Context& context) {
  const Json report = context.call("ledger check");
  context.print(report, [](const Json& found) {
    std::string out;
    for (const auto& fault : rowsOf(found, "faults").array()) {
      out += cli::printable(fault.text()) + "\n";
    }
    const std::size_t wrong = rowsOf(found, "faults").array().size();
    return out + text(found, "orders") + " orders, " + text(found, "postings") + " postings: " +
           (wrong == 0 ? "exact" : std::to_string(wrong) + (wrong == 1 ? " fault" : " faults")) +
           "\n";
  });
  return flag(report, "ok") ? cli::Success : cli::Failure;
}

// No value needs quotes: numbers, times and words of ours.
void printCsv(std::ostream& out, const Json& posting) {
  constexpr std::array Columns = {"id",   "entry",  "order",    "account",
                                  "user", "amount", "currency", "rate_bp"};
  for (const char* column : Columns) {
    out << text(posting, column) << ',';
  }
  out << cli::printedTime(integer(posting, "at")) << '\n';
}

int exportRevenue(Context& context) {
  std::ostream& out = context.streams().out;
  if (!context.wantsJson()) {
    out << "id,entry,order,account,user,amount,currency,rate_bp,time\n";
  }
  std::int64_t after = 0;
  for (bool more = true; more && out;) {
    const Json piece = context.call("ledger export", Json::Object{{"after", after}});
    for (const auto& posting : rowsOf(piece, "postings").array()) {
      after = integer(posting, "id");
      if (context.wantsJson()) {
        out << posting.dump() << '\n';
      } else {
        printCsv(out, posting);
      }
    }
    more = flag(piece, "more");
  }
  return out.flush() ? cli::Success : cli::Failure;
}

int explain(Context& context) {
  const Json args = Json::Object{{"user", context.operand(0, "USER")},
                                 {"video", context.number(context.operand(1, "VIDEO"), "VIDEO")}};
  context.print(context.call("access explain", args), [](const Json& decision) {
    std::string out;
    for (const auto& step : rowsOf(decision, "steps").array()) {
      out += text(step, "question") + " " + text(step, "answer") + "\n";
    }
    out += cli::printable(text(decision, "user")) + " and video " + text(decision, "video") + ": " +
           text(decision, "verdict");
    const std::string because = text(decision, "because") + text(decision, "hint");
    out += because.empty() ? "" : " (" + because + ")";
    if (integer(decision, "ends") > 0) {
      out += ", until " + cli::printedTime(integer(decision, "ends"));
    }
    return out + (flag(decision, "is_active") ? "" : "; the user is deactivated") + "\n";
  });
  return cli::Success;
}

}  // namespace

Subcommands moneySubcommands() {
  return {
      {"order list",
       "",
       "list orders, newest first",
       {{"user", "USER", "only those of this user, id or e-mail"},
        {"state", "STATE", "only these: pending, paid, failed, expired, refunded, disputed"},
        {"limit", "N", "at most so many (default 100)"}},
       listOrders},
      {"order refund",
       "ID",
       "give the money of an order back, in full, and shut what it opened",
       {},
       refund,
       1},
      {"ledger check",
       "",
       "prove that the ledger is exact, or name what is not and end with 1",
       {},
       checkLedger},
      {"ledger export",
       "",
       "print every posting of the ledger, oldest first, as CSV (with --json a line each)",
       {},
       exportRevenue},
      {"access explain",
       "USER VIDEO",
       "say whether a user (id or e-mail) may play a video, and by which steps that is decided",
       {},
       explain,
       2},
  };
}

}  // namespace reeld::app::reeldctl
