// user import over a real database: files as they come, all faults with their lines, nothing done
// if there is one.
#include "app/commands/user_import.h"

#include "app/commands/import_file.h"
#include "harness.h"
#include "unit/users/site.h"

#include <sys/mman.h>
#include <unistd.h>

using namespace reeld;
using namespace reeld::test;
using app::commands::Call;
using app::commands::readImportFile;

namespace {

struct Move : Site {
  Move() : Site(db::Dialect::Sqlite) {}
  users::UserImport import{*database, clock, {&password}};
  const app::control::Commands commands{app::commands::userImportCommand(import)};

  struct Told {
    Json result;
    std::vector<std::string> steps;
    std::int64_t operator[](const char* name) const { return result.find(name)->integer(); }
  };
  Told run(const std::string& text, const std::string& args = "{}") {
    const int fd = memfd_create("import", MFD_CLOEXEC);
    REQUIRE(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    Call call(commands, "user import", args, fd);
    Json result = call.result();
    close(fd);
    return {result, call.steps};
  }
};

std::vector<std::string> faultsOf(std::string_view text) {
  std::vector<std::string> told;
  for (const auto& fault : readImportFile(text).faults) {
    told.push_back(std::to_string(fault.line) + " " + fault.field);
  }
  return told;
}

}  // namespace

TEST_CASE("a table and JSON lines say the same") {
  const auto table = readImportFile(
      "email,role,record\r\n\"a@example.org\",VIEWER,plain:x\r\n\r\nb@example.org,,plain:y\r\n");
  const auto lines = readImportFile(
      "\xef\xbb\xbf{\"email\":\"a@example.org\",\"role\":\"VIEWER\",\"record\":\"plain:x\"}\n\n\n"
      "{\"email\":\"b@example.org\",\"record\":\"plain:y\"}");
  for (const auto* file : {&table, &lines}) {
    CHECK(file->faults.empty());
    REQUIRE(file->users.size() == 2);
    CHECK(file->users[0].email == "a@example.org");
    CHECK(file->users[1].record == "plain:y");
    CHECK(file->users[1].line == 4);
  }
}

TEST_CASE("every line that is wrong is told") {
  CHECK(faultsOf("email,record\nx,plain:y,z\na@example.org\n\"a\"b,c\nno address,plain:x\n") ==
        std::vector<std::string>{"2 ", "3 ", "4 ", "5 email"});
  CHECK(faultsOf("{\"email\":\"a@example.org\"}\n{\n[1]\n{\"email\":7}") ==
        std::vector<std::string>{"2 ", "3 ", "4 email", "4 email"});
  CHECK(faultsOf("email,pasword\nx\n") == std::vector<std::string>{"1 "});
  CHECK(faultsOf("email,email\nx\n") == std::vector<std::string>{"1 ", "1 "});
  CHECK(faultsOf("email,record\na@example.org,plain:\xff\n") ==
        std::vector<std::string>{"2 record"});
  CHECK(faultsOf("").empty());
}

TEST_CASE("users are made in batches, with progress; those who are here are told") {
  Move site;
  site.add("person3@example.org");
  std::string table = "email,record\n";
  for (int i = 0; i < 450; ++i) {
    table += "person" + std::to_string(i) + "@example.org,plain:secret " + std::to_string(i) + "\n";
  }
  const auto told = site.run(table);
  CHECK(told["made"] == 449);
  CHECK(told["existing"] == 1);
  CHECK(told.steps ==
        std::vector<std::string>{R"({"existing":{"line":5,"email":"person3@example.org"}})",
                                 R"({"done":200,"of":450})", R"({"done":400,"of":450})",
                                 R"({"done":450,"of":450})"});
  site.signIn("person449@example.org", "secret 449");
  CHECK(site.run(table)["made"] == 0);
}

TEST_CASE("with one fault nobody is made, and a dry run makes nobody at all") {
  Move site;
  const auto told = site.run("email,record\na@example.org,plain:x\nb@example.org,unknown\n");
  CHECK(told["made"] == 0);
  CHECK(told["faults"] == 1);
  REQUIRE(told.steps.size() == 1);
  CHECK_THAT(told.steps[0], ContainsSubstring(R"("line":3,"field":"record")"));
  const auto dry = site.run("email,record\na@example.org,plain:x\n", R"({"dry_run":true})");
  CHECK(dry["made"] == 1);
  CHECK(site.count("SELECT COUNT(*) FROM users") == 0);
  CHECK(Call(site.commands, "user import", "{}").error().code() == ErrorCode::Invalid);
}
