// People of another system: what a line must say, and that nobody who is here is changed.
#include "users/user_import.h"

#include "site.h"

using namespace reeld;
using namespace reeld::test;
using users::ImportedUser;
using users::ImportFault;
using users::Role;

namespace {

ImportedUser readOf(const std::string& json, std::vector<ImportFault>& faults) {
  return users::readImportedUser(7, Json::parse(json).object(), faults);
}

std::string faultOf(const std::string& json) {
  std::vector<ImportFault> faults;
  readOf(json, faults);
  REQUIRE(faults.size() <= 1);
  return faults.empty() ? "" : std::to_string(faults[0].line) + " " + faults[0].field;
}

ImportedUser person(const std::string& email, std::size_t line = 1) {
  ImportedUser user;
  user.line = line;
  user.email = email;
  user.record = "plain:what he knows";
  return user;
}

struct Move : Site {
  explicit Move(db::Dialect dialect) : Site(dialect) {}
  users::UserImport import{*database, clock, {&password}};
};

}  // namespace

TEST_CASE("a line says who it is, and leaves the rest to what is usual") {
  std::vector<ImportFault> faults;
  const auto least = readOf(R"({"email":"A@example.org","record":"r"})", faults);
  CHECK(least.email == "A@example.org");
  CHECK(least.record == "r");
  CHECK(least.role == Role::Viewer);
  CHECK(least.active);
  CHECK(least.verified);
  CHECK(least.created_at == std::nullopt);
  const auto most = readOf(
      R"({"email":"a@example.org","record":"r","role":"CREATOR","created_at":"1970-01-02",
          "active":"f","verified":false})",
      faults);
  CHECK(most.role == Role::Creator);
  CHECK(most.created_at == 86'400'000);
  CHECK_FALSE(most.active);
  CHECK_FALSE(most.verified);
  for (const char* yes : {R"("t")", R"("True")", "1", "true", R"("")", "null"}) {
    CHECK(readOf(std::string(R"({"email":"a@example.org","active":)") + yes + "}", faults).active);
  }
  CHECK(faults.empty());
}

TEST_CASE("what is wrong with a line is said with its place, and no value") {
  CHECK(faultOf(R"({"email":"no address"})") == "7 email");
  CHECK(faultOf(R"({"record":"r"})") == "7 email");
  CHECK(faultOf(R"({"email":"a@example.org","role":"admin"})") == "7 role");
  CHECK(faultOf(R"({"email":"a@example.org","record":7})") == "7 record");
  CHECK(faultOf(R"({"email":"a@example.org","created_at":"yesterday"})") == "7 created_at");
  CHECK(faultOf(R"({"email":"a@example.org","active":"perhaps"})") == "7 active");
  CHECK(faultOf(R"({"email":"a@example.org","verified":2})") == "7 verified");
  CHECK(faultOf(R"({"email":"a@example.org","is_active":true})") == "7 ");
  CHECK_THAT(users::unknownImportField("rol"), ContainsSubstring("did you mean \"role\""));
}

TEST_CASE("two lines of one address and a record nobody knows are faults") {
  Move site(db::Dialect::Sqlite);
  auto stranger = person("c@example.org", 4);
  stranger.record = "md5$x";
  auto without = person("d@example.org", 5);
  without.record = "";
  const std::vector<ImportedUser> users = {person("a@example.org", 2), person("A@Example.org", 3),
                                           stranger, without};
  const auto faults = site.import.faultsOf(users);
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].line == 3);
  CHECK_THAT(faults[0].sentence, ContainsSubstring("line 2"));
  CHECK(faults[1].line == 4);
  CHECK(faults[1].field == "record");
  CHECK_THAT(faults[1].sentence, !ContainsSubstring("md5"));
  CHECK(faults[2].sentence == "is missing");
}

TEST_CASE("who is imported signs in with what he knows, if he may") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Move site(dialect);
    auto creator = person("Creator@example.org");
    creator.role = Role::Creator;
    creator.created_at = 1'000;
    auto shut_out = person("out@example.org");
    shut_out.active = false;
    auto unproved = person("unproved@example.org");
    unproved.verified = false;
    CHECK(site.import.add(std::vector{creator, shut_out, unproved}) ==
          std::vector{true, true, true});
    const auto user = site.directory.findByEmail("creator@example.org");
    REQUIRE(user);
    CHECK(user->email == "Creator@example.org");
    CHECK(user->role == Role::Creator);
    CHECK(user->created_at == 1'000);
    CHECK(site.signIn("creator@example.org", "what he knows").user_id == user->id);
    for (const char* email : {"out@example.org", "unproved@example.org"}) {
      CHECK(reasonOf([&] { site.signIn(email, "what he knows"); }) == "invalid-credentials");
    }
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.registered'") == 3);
  }
}

TEST_CASE("who is here stays as he is, and an import can be run again") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Move site(dialect);
    site.add("here@example.org");
    auto same = person("HERE@example.org");
    same.role = Role::Admin;
    const std::vector users = {same, person("new@example.org")};
    CHECK(site.import.wouldAdd(users) == std::vector{false, true});
    CHECK(site.import.add(users) == std::vector{false, true});
    CHECK(site.import.add(users) == std::vector{false, false});
    CHECK(site.directory.findByEmail("here@example.org")->role == Role::Viewer);
    site.signIn("here@example.org");
    CHECK(site.count("SELECT COUNT(*) FROM users") == 2);
  }
}
