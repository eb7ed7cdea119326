// What audit-trail promises of an ordered end: what the database does not take is in a file, and
// the next start stores it, once, whoever else offers it again.
#include "trail_held.h"

#include <reeld/kind/analytics.h>

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("what an ordered end cannot store, the next start stores, once") {
  const Folder folder;
  const auto leftover = folder.path / "leftover";
  const auto countOf = [](const Trail& trail, const std::string& method) {
    const auto records = trail.records();
    return std::count_if(records.begin(), records.end(),
                         [&](const Json& record) { return fieldOf(record, "method") == method; });
  };
  {
    Trail trail(folder.path, R"({"ring":64})");
    trail.beginSchedule();
    trail.ask({.method = "POST"});
    trail.settle();
    trail.sql().execute("ALTER TABLE audit_records RENAME TO away");
    for (int i = 0; i < 20; ++i) {
      trail.ask({.method = "PUT"});
    }
    // Some of them are in a batch that failed, some still in the ring.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    for (int i = 0; i < 20; ++i) {
      trail.ask({.method = "PUT"});
    }
    trail.ask({.status = 429, .is_refused = true});
  }
  REQUIRE(std::filesystem::exists(leftover));
  const auto copy = folder.path / "copy";
  std::filesystem::copy_file(leftover, copy);
  {
    // A start that cannot store it either leaves it to the next.
    Trail trail(folder.path, R"({"ring":64})");
    trail.beginSchedule();
    trail.ask({.method = "PATCH"});
  }
  {
    Trail trail(folder.path, R"({"ring":64})");
    trail.sql().execute("ALTER TABLE away RENAME TO audit_records");
    trail.beginSchedule();
    trail.settle();
    CHECK_FALSE(std::filesystem::exists(leftover));
  }
  // As if that daemon had died before it could take the file away.
  std::filesystem::rename(copy, leftover);
  Trail trail(folder.path, R"({"ring":64})");
  trail.beginSchedule();
  trail.ask({.method = "DELETE"});
  trail.settle();
  CHECK_FALSE(std::filesystem::exists(leftover));
  CHECK(countOf(trail, "PUT") == 40);
  CHECK(countOf(trail, "PATCH") == 1);
  CHECK(countOf(trail, "GET") == 1);
  CHECK(trail.verify().found.empty());
}

TEST_CASE("what the last end left is stored only as it was written") {
  const Folder folder;
  {
    Trail trail(folder.path);
    trail.sql().execute("ALTER TABLE audit_records RENAME TO away");
    trail.ask({.method = "POST", .path = "/api/v1/videos/17"});
  }
  const auto leftover = folder.path / "leftover";
  const auto contentOf = [](const std::filesystem::path& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  std::string text = contentOf(leftover);
  REQUIRE(text.find("videos/17") != std::string::npos);
  text.replace(text.find("videos/17"), 9, "videos/18");
  std::ofstream(leftover) << text;
  Trail trail(folder.path);
  trail.sql().execute("ALTER TABLE away RENAME TO audit_records");
  CHECK_FALSE(std::filesystem::exists(leftover));
  CHECK(contentOf(folder.path / "leftover.broken") == text);
  CHECK(trail.records().empty());
}

TEST_CASE("an event that was left over and is offered again is one record, and stops nothing") {
  const Folder folder;
  reeld_event event{};
  event.struct_size = sizeof event;
  event.schema = 1;
  event.time_ms = wallMs();
  event.id = plugin::abi("a");
  event.type = plugin::abi("user.role_changed");
  event.user_id = plugin::abi("1");
  event.subject = plugin::abi("user:7");
  event.json = plugin::abi(R"({"from":"VIEWER","to":"CREATOR"})");
  const reeld_event* const list = &event;
  const auto offer = [&](const Trail& trail) {
    std::size_t taken = 0;
    reeld_error failure = plugin::blankError();
    trail.table<reeld_analytics>(REELD_ANALYTICS).consume(trail.self, &list, 1, &taken, &failure);
    return taken;
  };
  {
    const Trail trail(folder.path);
    trail.sql().execute("ALTER TABLE audit_boots RENAME TO away");
    CHECK(offer(trail) == 0);
  }
  REQUIRE(std::filesystem::exists(folder.path / "leftover"));
  // Before anything of this life is stored; it is in the file, so it need not come again.
  Trail trail(folder.path);
  CHECK(offer(trail) == 1);
  trail.sql().execute("ALTER TABLE away RENAME TO audit_boots");
  CHECK(offer(trail) == 1);
  trail.beginSchedule();
  CHECK(trail.ask({.method = "POST"}) == 200);
  trail.settle();
  const auto records = trail.records();
  REQUIRE(records.size() == 2);
  CHECK(std::count_if(records.begin(), records.end(), [](const Json& record) {
          return fieldOf(record, "action") == "ROLE_CHANGED";
        }) == 1);
  CHECK(trail.verify().found.empty());
}
