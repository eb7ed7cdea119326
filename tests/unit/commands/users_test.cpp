// The user commands over real users, and the seeding of the first administrator.
#include "app/commands/users.h"

#include "app/commands/seed.h"
#include "catch.h"
#include "harness.h"
#include "unit/users/site.h"

#include <sys/stat.h>

#include <fstream>
#include <thread>

using namespace reeld;
using namespace reeld::test;
using app::commands::Call;

namespace {

app::control::Commands commandsOf(Site& site) {
  return app::commands::userCommands({.directory = site.directory,
                                      .registration = *site.registration,
                                      .passwords = *site.passwords,
                                      .sessions = site.sessions});
}

}  // namespace

TEST_CASE("a user is made with a given or a generated password, listed, and raised") {
  Site site(db::Dialect::Sqlite);
  const auto commands = commandsOf(site);
  const Json admin =
      Call(commands, "user create", R"({"email":"A@example.org","role":"ADMIN"})").result();
  CHECK(admin.find("role")->text() == "ADMIN");
  const std::string password = admin.find("password")->text();
  CHECK(password.size() == 20);
  CHECK(site.signIn("a@example.org", password).user_id == admin.find("id")->integer());

  const Json viewer =
      Call(commands, "user create", R"({"email":"v@example.org","password":"a good password"})")
          .result();
  CHECK(viewer.find("password") == nullptr);
  CHECK(viewer.find("role")->text() == "VIEWER");

  const Json list = Call(commands, "user list", "{}").result();
  CHECK(list.find("total")->integer() == 2);
  CHECK(list.find("users")->array().at(0).find("email")->text() == "v@example.org");
  CHECK_FALSE(list.find("users")->array().at(0).find("awaits_activation")->boolean());
  site.run("UPDATE users SET awaits_activation = 1 WHERE email = 'v@example.org'");
  const Json later = Call(commands, "user list", "{}").result();
  CHECK(later.find("users")->array().at(0).find("awaits_activation")->boolean());

  CHECK(Call(commands, "user role", R"({"user":"V@example.org","role":"CREATOR"})")
            .result()
            .find("role")
            ->text() == "CREATOR");
  const std::string id = std::to_string(viewer.find("id")->integer());
  CHECK(Call(commands, "user role", R"({"user":")" + id + R"(","role":"ADMIN"})")
            .result()
            .find("role")
            ->text() == "ADMIN");
}

TEST_CASE("a user gets a new password, is shut out, let in, signed out and deleted") {
  Site site(db::Dialect::Sqlite);
  const auto commands = commandsOf(site);
  const auto ann = site.signedIn("ann@example.org");
  const std::string user = R"({"user":"Ann@example.org"})";
  const auto in = [&] { return site.viewers.find(ann.session_id, ann.user_id).has_value(); };

  CHECK(Call(commands, "user sessions", user).result().find("sessions")->array().size() == 1);
  const Json reset = Call(commands, "user reset-password", user).result();
  CHECK_FALSE(in());
  CHECK(site.signIn("ann@example.org", reset.find("password")->text()).user_id == ann.user_id);
  const std::string given = R"({"user":"ann@example.org","password":"a better horse"})";
  CHECK(Call(commands, "user reset-password", given).result().find("password") == nullptr);

  site.signIn("ann@example.org", "a better horse");
  CHECK(Call(commands, "user logout", user).result().find("ended")->integer() == 1);
  CHECK(site.count("SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL") == 0);

  CHECK_FALSE(Call(commands, "user deactivate", user).result().find("is_active")->boolean());
  CHECK(reasonOf([&] { site.signIn("ann@example.org", "a better horse"); }) ==
        "invalid-credentials");
  CHECK(Call(commands, "user activate", user).result().find("is_active")->boolean());
  CHECK(Call(commands, "user delete", user).result().find("email")->text() == "ann@example.org");
  CHECK(Call(commands, "user delete", user).error().code() == ErrorCode::NotFound);
}

TEST_CASE("what cannot be done with users is refused in words") {
  Site site(db::Dialect::Sqlite);
  const auto commands = commandsOf(site);
  site.add("only@example.org", users::Role::Admin);
  const std::vector<std::array<std::string, 4>> rows = {
      {"user create", R"({"role":"ADMIN"})", "invalid", "email is required"},
      {"user create", R"({"email":"a@b.org","role":"admin"})", "invalid",
       "the role must be ADMIN, CREATOR or VIEWER (got \"admin\")"},
      {"user create", R"({"email":"only@example.org"})", "conflict", ""},
      {"user role", R"({"user":"nobody@example.org","role":"ADMIN"})", "not_found",
       "there is no user nobody@example.org"},
      {"user list", R"({"limit":-1})", "invalid", "limit must not be negative"},
      {"user role", R"({"user":"999","role":"ADMIN"})", "not_found",
       "there is no user with the id 999"},
      {"user role", R"({"user":"only@example.org","role":"VIEWER"})", "conflict", "last"},
      {"user deactivate", R"({"user":"only@example.org"})", "conflict", "last"},
      {"user delete", R"({"user":"only@example.org"})", "conflict", "last"},
      {"user reset-password", R"({"user":"nobody@example.org"})", "not_found", "nobody"},
      {"user reset-password", R"({"user":"only@example.org","password":"short"})", "invalid",
       "at least 8"},
  };
  for (const auto& [command, args, code, message] : rows) {
    CAPTURE(command, args);
    const Error error = Call(commands, command, args).error();
    CHECK(word(error.code()) == code);
    CHECK_THAT(error.what(), ContainsSubstring(message));
  }
}

TEST_CASE("the administrator of the configuration is made once") {
  Site site(db::Dialect::Sqlite);
  config::Settings settings;
  settings.data_dir = site.sandbox.folder().string();
  settings.admin.email = "root@example.org";
  settings.admin.password_file = settings.data_dir + "/pw";
  std::ofstream(settings.admin.password_file) << "correct horse battery\n";
  ::chmod(settings.admin.password_file.c_str(), 0600);
  const auto seed = [&] {
    app::commands::seedAdmin(settings, site.directory, *site.registration, site.sandbox.log);
  };
  seed();
  CHECK(site.signIn("root@example.org", "correct horse battery").user_id > 0);
  settings.admin.email = "second@example.org";
  seed();
  CHECK(site.count("SELECT COUNT(*) FROM users") == 1);
}

TEST_CASE("of daemons that start at once exactly one makes the administrator") {
  Site site(db::Dialect::Sqlite);
  config::Settings settings;
  settings.data_dir = site.sandbox.folder().string();
  settings.admin.email = "root@example.org";
  settings.admin.password_file = settings.data_dir + "/pw";
  std::ofstream(settings.admin.password_file) << "correct horse battery";
  ::chmod(settings.admin.password_file.c_str(), 0600);
  std::vector<std::thread> daemons;
  for (int i = 0; i < 4; ++i) {
    daemons.emplace_back([&] {
      app::commands::seedAdmin(settings, site.directory, *site.registration, site.sandbox.log);
    });
  }
  for (auto& daemon : daemons) {
    daemon.join();
  }
  CHECK(site.count("SELECT COUNT(*) FROM users WHERE role = 'ADMIN'") == 1);
}

TEST_CASE("a password that is refused or may be read by others stops the start") {
  Site site(db::Dialect::Sqlite);
  config::Settings settings;
  settings.data_dir = site.sandbox.folder().string();
  settings.admin.email = "not an address";
  settings.admin.password_file = settings.data_dir + "/pw";
  std::ofstream(settings.admin.password_file) << "correct horse battery";
  ::chmod(settings.admin.password_file.c_str(), 0644);
  const auto complaint = [&] {
    try {
      app::commands::seedAdmin(settings, site.directory, *site.registration, site.sandbox.log);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Invalid);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(complaint(), ContainsSubstring("chmod 600"));
  ::chmod(settings.admin.password_file.c_str(), 0600);
  CHECK_THAT(complaint(), ContainsSubstring("cannot make the administrator of admin.email"));
}

TEST_CASE("without an administrator a private secret waits, until there is one") {
  Site site(db::Dialect::Sqlite);
  config::Settings settings;
  settings.data_dir = site.sandbox.folder().string();
  const std::string file = settings.data_dir + "/setup-secret";
  const auto seed = [&] {
    app::commands::seedAdmin(settings, site.directory, *site.registration, site.sandbox.log);
  };
  seed();
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto read = [&] {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string first = read();
  CHECK(first.size() > 30);
  seed();
  CHECK(read() == first);
  site.add("a@example.org", users::Role::Admin);
  seed();
  CHECK_FALSE(std::filesystem::exists(file));
}
