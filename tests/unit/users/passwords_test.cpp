// Passwords that are changed and replaced: who may, and what ends with the old one.
#include "users/passwords.h"

#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::test;

namespace {

const users::Client Somewhere{"192.0.2.1", ""};

struct Desk : Site {
  using Site::Site;
  std::string change(const users::Viewer& viewer, const std::string& current,
                     const std::string& next) {
    try {
      passwords->change(viewer, Secret(current), Secret(next), Somewhere);
      return "";
    } catch (const Error& error) {
      return error.violations().empty() ? error.reason() : error.violations()[0].pointer;
    }
  }
  bool goesOn(const users::Viewer& viewer) {
    return viewers.find(viewer.session_id, viewer.user_id).has_value();
  }
};

}  // namespace

TEST_CASE("a changed password ends every other session and keeps this one") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto ann = desk.signedIn("ann@example.org");
    const auto other = desk.signIn("ann@example.org");
    CHECK(desk.change(ann, "wrong horse", "a better horse") == "wrong-password");
    CHECK(desk.change(ann, "correct horse", "short") == "/new_password");
    CHECK(desk.change(ann, "correct horse", "ann@example.org") == "/new_password");
    CHECK(desk.viewers.find(other.session_id, ann.user_id));
    CHECK(desk.change(ann, "correct horse", "a better horse").empty());
    CHECK(desk.goesOn(ann));
    CHECK_FALSE(desk.viewers.find(other.session_id, ann.user_id));
    CHECK(reasonOf([&] { desk.signIn("ann@example.org"); }) == "invalid-credentials");
    CHECK(desk.signIn("ann@example.org", "a better horse").user_id == ann.user_id);
    CHECK(desk.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.password_changed'") == 1);
  }
}

TEST_CASE("a password that is reset ends every session") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto ann = desk.signedIn("ann@example.org");
    const auto bob = desk.signedIn("bob@example.org");
    CHECK(codeOf([&] { desk.passwords->reset(99, Secret("a better horse")); }) ==
          ErrorCode::NotFound);
    CHECK(codeOf([&] { desk.passwords->reset(ann.user_id, Secret("12345678")); }) ==
          ErrorCode::Invalid);
    CHECK(desk.goesOn(ann));
    desk.passwords->reset(ann.user_id, Secret("a better horse"));
    CHECK_FALSE(desk.goesOn(ann));
    CHECK(desk.goesOn(bob));
    CHECK(desk.signIn("ann@example.org", "a better horse").user_id == ann.user_id);
  }
}

TEST_CASE("a change whose session or password ended meanwhile changes nothing") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    FakeRecordKeeper password;
    Desk desk(dialect, {&password});
    const auto ann = desk.signedIn("ann@example.org");
    password.while_verifying = [&] {
      desk.passwords->reset(ann.user_id, Secret("the owner's horse"));
    };
    CHECK(desk.change(ann, "correct horse", "a thief's horse") == "session-ended");
    CHECK(desk.signIn("ann@example.org", "the owner's horse").user_id == ann.user_id);
  }
}

TEST_CASE("wrong current passwords are throttled like failed sign-ins") {
  FakeRecordKeeper password;
  Desk desk(db::Dialect::Sqlite, {&password}, {.account_failures = 2, .address_failures = 0});
  const auto ann = desk.signedIn("ann@example.org");
  CHECK(desk.change(ann, "wrong horse", "a better horse") == "wrong-password");
  CHECK(desk.change(ann, "wrong horse", "a better horse") == "wrong-password");
  CHECK(desk.change(ann, "correct horse", "a better horse") == "too-many-attempts");
}

TEST_CASE("who is vouched for by another provider has no password here, until one is set") {
  FakeDirectory directory;
  FakeRecordKeeper password;
  Desk desk(db::Dialect::Sqlite, {&directory, &password});
  directory.people["bob@example.org"] = "of the directory";
  const auto signed_in = desk.signIn("bob@example.org", "of the directory");
  const users::Viewer bob{.user_id = signed_in.user_id,
                          .role = users::Role::Viewer,
                          .session_id = signed_in.session_id,
                          .token_id = {}};
  CHECK(desk.change(bob, "of the directory", "a better horse") == "no-password");
}

TEST_CASE("a new password takes the place of every record, also those of other providers") {
  FakeRecordKeeper first("first");
  FakeRecordKeeper second("second");
  Desk desk(db::Dialect::Sqlite, {&first, &second});
  const auto id = desk.add("ann@example.org");
  desk.run("UPDATE credentials SET provider = 'second'");
  CHECK(desk.signIn("ann@example.org").user_id == id);
  desk.passwords->reset(id, Secret("a better horse"));
  CHECK(desk.count("SELECT COUNT(*) FROM credentials") == 1);
  CHECK(reasonOf([&] { desk.signIn("ann@example.org"); }) == "invalid-credentials");
  CHECK(desk.signIn("ann@example.org", "a better horse").user_id == id);
}
