// reeldctl user create, list, role.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"

#include <fstream>
#include <istream>
#include <ostream>
#include <sstream>

namespace reeld::app::reeldctl {

namespace {

/// Without the newline an editor or echo puts at its end.
std::string readPassword(Context& context) {
  const std::string path = context.line().value("password-file");
  std::ostringstream content;
  if (path == "-") {
    content << context.streams().in.rdbuf();
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      throw systemError("cannot open " + path, errno);
    }
    content << file.rdbuf();
  }
  std::string password = content.str();
  while (password.ends_with('\n') || password.ends_with('\r')) {
    password.pop_back();
  }
  if (password.empty()) {
    throw Error(ErrorCode::Invalid, "the password in " + path + " is empty");
  }
  return password;
}

int create(Context& context) {
  const auto& line = context.line();
  if (line.has("admin") && line.has("role")) {
    throw Error(ErrorCode::Invalid, "--admin and --role do not go together").reason("usage");
  }
  Json args = Json::Object{{"email", context.operand(0, "EMAIL")},
                           {"role", line.has("admin") ? "ADMIN" : line.value("role", "VIEWER")}};
  if (line.has("password-file")) {
    args.set("password", readPassword(context));
  }
  context.print(context.call("user create", args), [](const Json& user) {
    std::string out = "made " + text(user, "role") + " " + cli::printable(text(user, "email")) +
                      ", id " + text(user, "id") + "\n";
    const std::string password = text(user, "password");
    return password.empty() ? out : out + "password: " + password + "\n";
  });
  return cli::Success;
}

int list(Context& context) {
  const auto& line = context.line();
  const std::int64_t limit = context.number(line.value("limit", "1000"), "--limit");
  const Json result = context.call("user list", Json::Object{{"limit", limit}});
  const Json* users = result.find("users");
  if (users == nullptr) {
    throw Error(ErrorCode::Internal, "the daemon's answer has no users in it");
  }
  context.print(*users, [&](const Json& rows) {
    cli::Table table({"ID", "EMAIL", "ROLE", "ACTIVE", "CREATED"});
    for (const auto& user : rows.array()) {
      table.add({text(user, "id"), text(user, "email"), text(user, "role"),
                 flag(user, "is_active") ? "yes" : "no",
                 cli::printedTime(integer(user, "created_at"))});
    }
    const auto shown = static_cast<std::int64_t>(rows.array().size());
    const std::int64_t total = integer(result, "total");
    return table.text() +
           (total > shown ? "... and " + std::to_string(total - shown) + " more (--limit)\n" : "");
  });
  return cli::Success;
}

int role(Context& context) {
  const Json args =
      Json::Object{{"user", context.operand(0, "USER")}, {"role", context.operand(1, "ROLE")}};
  context.print(context.call("user role", args), [](const Json& user) {
    return cli::printable(text(user, "email")) + " (id " + text(user, "id") + ") is " +
           text(user, "role") + " now\n";
  });
  return cli::Success;
}

}  // namespace

Subcommands userSubcommands() {
  return {
      {"user create",
       "EMAIL",
       "make a user; prints a password if none is given",
       {{"admin", "", "the same as --role ADMIN"},
        {"role", "ROLE", "ADMIN, CREATOR or VIEWER (default VIEWER)"},
        {"password-file", "FILE", "take the password from a file, or from standard input (-)"}},
       create,
       1},
      {"user list",
       "",
       "list users, newest first",
       {{"limit", "N", "at most so many (default 1000)"}},
       list},
      {"user role",
       "USER ROLE",
       "give a user (id or e-mail) another role: ADMIN, CREATOR or VIEWER",
       {},
       role,
       2},
  };
}

}  // namespace reeld::app::reeldctl
