// reeldctl user create, list, role, reset-password, activate, deactivate, delete, sessions, logout.
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

/// Whether he may come in, and if not, who has to do something about it.
const char* activeWord(const Json& user) {
  if (!flag(user, "is_active")) {
    return "no";
  }
  return flag(user, "awaits_activation") ? "not yet" : "yes";
}

int listUsers(Context& context) {
  const Json result = context.call("user list", context.listArgs("1000"));
  context.print(rowsOf(result, "users"), [&](const Json& rows) {
    cli::Table table({"ID", "EMAIL", "ROLE", "ACTIVE", "CREATED"});
    for (const auto& user : rows.array()) {
      table.add({text(user, "id"), text(user, "email"), text(user, "role"), activeWord(user),
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

int resetPassword(Context& context) {
  Json args = Json::Object{{"user", context.operand(0, "USER")}};
  if (context.line().has("password-file")) {
    args.set("password", readPassword(context));
  }
  context.print(context.call("user reset-password", args), [](const Json& user) {
    const std::string password = text(user, "password");
    return cli::printable(text(user, "email")) + " has a new password and is signed out\n" +
           (password.empty() ? "" : "password: " + password + "\n");
  });
  return cli::Success;
}

/// A command about one user whose answer is that user; "{}" in the sentence stands for him.
std::function<int(Context&)> about(std::string command, std::string sentence) {
  return [command = std::move(command), sentence = std::move(sentence)](Context& context) {
    const Json args = Json::Object{{"user", context.operand(0, "USER")}};
    context.print(context.call(command, args), [&](const Json& user) {
      return cli::printable(text(user, "email")) + " (id " + text(user, "id") + ") " + sentence +
             "\n";
    });
    return cli::Success;
  };
}

int sessions(Context& context) {
  const Json args = Json::Object{{"user", context.operand(0, "USER")}};
  const Json result = context.call("user sessions", args);
  context.print(rowsOf(result, "sessions"), [](const Json& rows) {
    cli::Table table({"SINCE", "REFRESHED", "ENDS", "ADDRESS", "CLIENT"});
    for (const auto& session : rows.array()) {
      table.add({cli::printedTime(integer(session, "created_at")),
                 cli::printedTime(integer(session, "refreshed_at")),
                 cli::printedTime(integer(session, "expires_at")), text(session, "address"),
                 text(session, "user_agent")});
    }
    return table.text();
  });
  return cli::Success;
}

int logout(Context& context) {
  const Json args = Json::Object{{"user", context.operand(0, "USER")}};
  context.print(context.call("user logout", args), [](const Json& user) {
    return cli::printable(text(user, "email")) + " was signed out of " +
           std::to_string(integer(user, "ended")) + " sessions\n";
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
      userImportSubcommand(),
      {"user list",
       "",
       "list users, newest first, and who has yet to follow the mailed link",
       {{"limit", "N", "at most so many (default 1000)"}},
       listUsers},
      {"user role",
       "USER ROLE",
       "give a user (id or e-mail) another role: ADMIN, CREATOR or VIEWER",
       {},
       role,
       2},
      {"user reset-password",
       "USER",
       "give a user a new password and sign him out; prints one if none is given",
       {{"password-file", "FILE", "take the password from a file, or from standard input (-)"}},
       resetPassword,
       1},
      {"user activate",
       "USER",
       "let a user sign in again",
       {},
       about("user activate", "may sign in"),
       1},
      {"user deactivate",
       "USER",
       "shut a user out at once, until he is activated again",
       {},
       about("user deactivate", "is shut out"),
       1},
      {"user delete",
       "USER",
       "delete a user for good; what he made stays",
       {},
       about("user delete", "is deleted"),
       1},
      {"user sessions", "USER", "list where a user is signed in, newest first", {}, sessions, 1},
      {"user logout", "USER", "sign a user out everywhere", {}, logout, 1},
  };
}

}  // namespace reeld::app::reeldctl
