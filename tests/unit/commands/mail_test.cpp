// The mail commands over a real queue.
#include "app/commands/mail.h"

#include "harness.h"
#include "notify/mail_queue.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::test;
using app::commands::Call;

TEST_CASE("a mail is tried out, listed, given up and started over") {
  Site site(db::Dialect::Sqlite);
  site.add("ada@example.org");
  const auto commands = app::commands::mailCommands(*site.database, site.directory);
  const Json made = Call(commands, "mail test", R"({"user":"ADA@example.org"})").result();
  CHECK(made.find("purpose")->text() == "trial");
  CHECK(made.find("email")->text() == "ada@example.org");
  const std::int64_t id = made.find("id")->integer();
  const std::string which = R"({"id":)" + std::to_string(id) + "}";

  const auto states = [&](const std::string& args) {
    const Json answer = Call(commands, "mail list", args).result();
    std::vector<std::string> out;
    for (const Json& mail : answer.find("mails")->array()) {
      out.push_back(mail.find("state")->text());
    }
    return out;
  };
  CHECK(states("{}") == std::vector<std::string>{"waiting"});
  CHECK(states(R"({"state":"discarded"})").empty());
  site.database->transact([](db::Session& session) {
    const auto mail = notify::claimMail(session, "here", 60'000);
    notify::discardMail(session, *mail, "550");
  });
  CHECK(states(R"({"state":"discarded"})") == std::vector<std::string>{"discarded"});
  const Json again = Call(commands, "mail retry", which).result();
  CHECK(again.find("state")->text() == "waiting");
  CHECK(again.find("attempt")->integer() == 0);
}

TEST_CASE("what cannot be done with mails is refused in words") {
  Site site(db::Dialect::Sqlite);
  site.add("ada@example.org");
  const auto commands = app::commands::mailCommands(*site.database, site.directory);
  Call(commands, "mail test", R"({"user":"1"})").result();
  site.database->transact([](db::Session& session) {
    notify::finishMail(session, *notify::claimMail(session, "here", 60'000));
  });
  const std::vector<std::array<std::string, 4>> rows = {
      {"mail list", R"({"state":"lost"})", "invalid",
       "the state must be waiting, sending, sent or discarded (got \"lost\")"},
      {"mail retry", R"({"id":9})", "not_found", "there is no mail 9"},
      {"mail retry", R"({"id":1})", "conflict",
       "mail 1 is sent: only a waiting or discarded one is tried again"},
      {"mail retry", "{}", "invalid", "id is required"},
      {"mail test", R"({"user":"nobody@example.org"})", "not_found",
       "there is no user nobody@example.org"},
  };
  for (const auto& [command, args, code, message] : rows) {
    CAPTURE(command, args);
    const Error error = Call(commands, command, args).error();
    CHECK(word(error.code()) == code);
    CHECK(error.what() == message);
  }
  CHECK(site.count("SELECT COUNT(*) FROM mail_queue") == 1);
}
