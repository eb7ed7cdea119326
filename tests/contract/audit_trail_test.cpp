// What audit-trail promises of recording: a record of every change that was let in, whatever the
// database does meanwhile, and nothing that is secret in any.
#include "trail_held.h"

#include <reeld/kind/analytics.h>

#include <atomic>
#include <map>
#include <random>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("a request is one record that says who did what when, and how it went") {
  const Folder folder;
  Trail trail(folder.path);
  const std::int64_t at = 1'764'410'400'000;  // 2025-11-29T10:00:00Z
  trail.ask({.method = "POST", .user = "7", .status = 201, .at_ms = at});
  trail.ask({.peer = "2001:db8::1", .status = 404});
  trail.beginSchedule();
  trail.settle();
  const auto records = trail.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0].dump() ==
        R"({"id":10000000001,"user_id":7,"action":"API_CALL","resource":null,"method":"POST",)"
        R"("endpoint":"/api/v1/videos","ip_address":"192.0.2.7",)"
        R"("created_at":"2025-11-29T10:00:00.001Z","status":201,"request_id":"request",)"
        R"("duration_us":1234,"count":1,"detail":null})");
  CHECK(fieldOf(records[1], "user_id") == "null");
  CHECK(fieldOf(records[1], "ip_address") == "2001:db8::1");
  CHECK(fieldOf(records[1], "status") == "404");
}

TEST_CASE("health and media have no records, every other group of routes has") {
  const Folder folder;
  const Trail trail(folder.path);
  for (const char* group : {"api", "auth", "stream", "upload", "docs", "plugin", "unmatched"}) {
    reeld_route route{};
    route.struct_size = sizeof route;
    route.group = plugin::abi(group);
    CHECK(trail.interceptor.covers(trail.self, &route) != 0);
  }
  for (const char* group : {"health", "media"}) {
    reeld_route route{};
    route.struct_size = sizeof route;
    route.group = plugin::abi(group);
    CHECK(trail.interceptor.covers(trail.self, &route) == 0);
  }
}

TEST_CASE("a path is stored as text whatever is in it, and without what may be a token") {
  const Folder folder;
  Trail trail(folder.path);
  const std::string token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
  const std::string deep = "/" + std::string(300, 'a');
  const std::string cut_inside = "/" + std::string(254, 'a') + "ü";
  const std::string lost = "/api/v1/straem/play/" + token;
  for (const char* path : {"/a\x01\x7f\xff/\xc3\xbc", deep.c_str(), cut_inside.c_str()}) {
    trail.ask({.path = path});
  }
  trail.ask({.path = lost.c_str(), .group = "unmatched", .route = "", .status = 404});
  trail.ask({.path = "/wp-login.php", .group = "unmatched", .route = "", .status = 404});
  trail.beginSchedule();
  trail.settle();
  std::vector<std::string> paths;
  for (const Json& record : trail.records()) {
    paths.push_back(fieldOf(record, "endpoint"));
  }
  CHECK(paths == std::vector<std::string>{"/a%01%7F%FF/ü", deep.substr(0, 256) + "…",
                                          cut_inside.substr(0, 255) + "…", "/api/v1/straem/play/…",
                                          "/wp-login.php"});
}

TEST_CASE("random bytes in every text neither stop the trail nor break its seals") {
  const unsigned seed = std::random_device()();
  std::printf("audit-trail bytes: seed %u\n", seed);
  std::mt19937 random(seed);
  const Folder folder;
  Trail trail(folder.path);
  std::vector<std::string> kept;
  for (int i = 0; i < 500; ++i) {
    std::string path(std::uniform_int_distribution<std::size_t>(0, 280)(random), '\0');
    for (char& c : path) {
      c = static_cast<char>(std::uniform_int_distribution(1, 255)(random));
    }
    kept.push_back("/" + path);
  }
  for (const std::string& text : kept) {
    trail.ask({.method = text.c_str(), .path = text.c_str(), .peer = text.c_str()});
  }
  trail.beginSchedule();
  trail.settle();
  CAPTURE(seed);
  CHECK(trail.records().size() == kept.size());
  CHECK(trail.verify().found.empty());
}

TEST_CASE("a failed sign-in is a record of its own beside that of the request") {
  const Folder folder;
  Trail trail(folder.path);
  for (const auto& [route, status] :
       {std::pair("/api/v1/auth/login", 401), std::pair("/api/v1/auth/login", 200),
        std::pair("/api/v1/auth/login", 422), std::pair("/api/login", 400),
        std::pair("/api/v1/auth/register", 401)}) {
    trail.ask({.method = "POST", .path = route, .group = "auth", .route = route, .status = status});
  }
  trail.beginSchedule();
  trail.settle();
  std::map<std::string, int> actions;
  for (const Json& record : trail.records()) {
    ++actions[fieldOf(record, "action") + " " + fieldOf(record, "status")];
  }
  CHECK(actions == std::map<std::string, int>{{"API_CALL 200", 1},
                                              {"API_CALL 400", 1},
                                              {"API_CALL 401", 2},
                                              {"API_CALL 422", 1},
                                              {"LOGIN_FAILED 400", 1},
                                              {"LOGIN_FAILED 401", 1}});
}

TEST_CASE("a full ring refuses changes at the door and counts the rest; nothing let in is lost") {
  const Folder folder;
  Trail trail(folder.path, R"({"ring":64})");
  for (int i = 0; i < 100; ++i) {
    CHECK(trail.ask() == 200);  // 48 find a place: a quarter is for changes
  }
  int passed = 0;
  for (int i = 0; i < 30; ++i) {
    passed += trail.ask({.method = "DELETE"}) == 200 ? 1 : 0;
  }
  CHECK(passed == 16);
  CHECK(trail.ask({.method = "POST"}) == 503);
  trail.beginSchedule();
  trail.settle();
  CHECK(trail.ask({.method = "POST"}) == 200);
  trail.settle();
  std::map<std::string, std::int64_t> counts;
  for (const Json& record : trail.records()) {
    counts[fieldOf(record, "action") + " " + fieldOf(record, "method")] +=
        record.find("count")->integer();
  }
  // 52 reads and 15 refusals found no place.
  CHECK(counts == std::map<std::string, std::int64_t>{{"API_CALL DELETE", 16},
                                                      {"API_CALL GET", 48},
                                                      {"API_CALL POST", 1},
                                                      {"UNRECORDED null", 67}});
  CHECK(trail.verify().found.empty());
}

TEST_CASE("what the database refuses is stored once it works again, in order and once") {
  const Folder folder;
  Trail trail(folder.path, R"({"ring":64})");
  trail.beginSchedule();
  trail.ask({.method = "POST"});
  trail.settle();
  trail.sql().execute("ALTER TABLE audit_records RENAME TO away");
  int passed = 0;
  for (int i = 0; i < 100; ++i) {
    passed += trail.ask({.method = "PUT"}) == 200 ? 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  CHECK(passed == 64);
  CHECK_FALSE(trail.report("state").array()[0].find("trouble")->text().empty());
  trail.sql().execute("ALTER TABLE away RENAME TO audit_records");
  trail.settle();
  int stored = 0;
  for (const Json& record : trail.records()) {
    stored += fieldOf(record, "method") == "PUT" ? 1 : 0;
  }
  CHECK(stored == 64);
  CHECK(trail.verify().found.empty());
}

TEST_CASE("a daemon starts though its database takes no record, and stores them once it does") {
  const Folder folder;
  {
    Trail before(folder.path);
    before.ask({.method = "POST"});
  }
  {
    // Its end cannot be stored either.
    Trail spoiling(folder.path);
    spoiling.sql().execute("ALTER TABLE audit_boots RENAME TO away");
  }
  Trail trail(folder.path, R"({"ring":64})");
  trail.beginSchedule();
  int passed = 0;
  for (int i = 0; i < 100; ++i) {
    passed += trail.ask({.method = "PUT"}) == 200 ? 1 : 0;
  }
  CHECK(passed == 64);
  trail.sql().execute("ALTER TABLE away RENAME TO audit_boots");
  trail.settle();
  int stored = 0;
  for (const Json& record : trail.records()) {
    stored += fieldOf(record, "method") == "PUT" ? 1 : 0;
  }
  CHECK(stored == 64);
  CHECK(trail.verify().found.empty());
}

TEST_CASE("of many threads every request is a record or counted, and every change is a record") {
  const unsigned seed = std::random_device()();
  std::printf("audit-trail threads: seed %u\n", seed);
  const Folder folder;
  Trail trail(folder.path, R"({"ring":256})");
  trail.beginSchedule();
  std::atomic<int> reads{0};
  std::atomic<int> changes{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> threads;
    for (unsigned thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&, thread] {
        std::mt19937 random(seed + thread);
        for (int i = 0; i < 2000; ++i) {
          if (random() % 3 != 0) {
            trail.ask();
            ++reads;
          } else if (trail.ask({.method = "PATCH"}) == 200) {
            ++changes;
          } else {
            ++refused;
          }
          if (random() % 64 == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          }
        }
      });
    }
  }
  trail.settle();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // what was counted alone
  std::int64_t all = 0;
  int stored = 0;
  for (const Json& record : trail.records()) {
    all += record.find("count")->integer();
    stored += fieldOf(record, "method") == "PATCH" && fieldOf(record, "status") == "200" ? 1 : 0;
  }
  CAPTURE(seed);
  CHECK(all == reads + changes + refused);
  CHECK(stored == changes);
  CHECK(trail.verify().found.empty());
}

TEST_CASE(
    "refusals by a limit are one record for each caller, route and minute, with their number") {
  const Folder folder;
  {
    Trail trail(folder.path);
    trail.beginSchedule();
    const auto refuse = [&](Asked asked) {
      asked.status = 429;
      asked.is_refused = true;
      trail.ask(asked);
    };
    for (int i = 0; i < 300; ++i) {
      refuse({.method = "POST", .peer = i % 3 == 0 ? "192.0.2.1" : "192.0.2.2"});
      refuse({.user = "7", .peer = i % 2 == 0 ? "192.0.2.1" : "192.0.2.2"});
      // No path of his hides that he tries passwords, and no number of paths makes many records.
      const std::string lost = "/nowhere/" + std::to_string(i);
      const std::string method = "BREW" + std::to_string(i);
      refuse({.path = lost.c_str(), .group = "unmatched", .route = "", .peer = "192.0.2.2"});
      refuse({.method = method.c_str(), .group = "unmatched", .route = "", .peer = "192.0.2.2"});
      refuse({.method = "POST",
              .path = "/api/v1/auth/login",
              .group = "auth",
              .route = "/api/v1/auth/login",
              .peer = "192.0.2.2"});
    }
  }
  const Trail again(folder.path);
  std::map<std::string, std::int64_t> counts;
  for (const Json& record : again.records()) {
    CHECK(fieldOf(record, "status") == "429");
    const std::string user = fieldOf(record, "user_id");
    counts[(user == "null" ? fieldOf(record, "ip_address") : user) + " " +
           fieldOf(record, "method") + " " + fieldOf(record, "endpoint")] +=
        record.find("count")->integer();
  }
  CHECK(counts == std::map<std::string, std::int64_t>{{"192.0.2.1 POST /api/v1/videos", 100},
                                                      {"192.0.2.2 POST /api/v1/videos", 200},
                                                      {"192.0.2.2 GET /nowhere/0", 300},
                                                      {"192.0.2.2 BREW0 /api/v1/videos", 300},
                                                      {"192.0.2.2 POST /api/v1/auth/login", 300},
                                                      {"7 GET /api/v1/videos", 300}});
  CHECK(again.records().size() == 6);
}

TEST_CASE("what a handler refuses with 429 is a record each, and a sign-in a failed one") {
  const Folder folder;
  Trail trail(folder.path);
  for (int i = 0; i < 3; ++i) {
    for (const char* route : {"/api/v1/auth/login", "/api/login", "/api/v1/auth/register"}) {
      trail.ask({.method = "POST", .path = route, .group = "auth", .route = route, .status = 429});
    }
  }
  trail.beginSchedule();
  trail.settle();
  std::map<std::string, int> actions;
  for (const Json& record : trail.records()) {
    ++actions[fieldOf(record, "action") + " " + fieldOf(record, "endpoint")];
    CHECK(fieldOf(record, "count") == "1");
  }
  CHECK(actions == std::map<std::string, int>{{"API_CALL /api/v1/auth/login", 3},
                                              {"API_CALL /api/login", 3},
                                              {"API_CALL /api/v1/auth/register", 3},
                                              {"LOGIN_FAILED /api/v1/auth/login", 3},
                                              {"LOGIN_FAILED /api/login", 3}});
}

TEST_CASE("events of the site are records with an action of their own, each once") {
  const Folder folder;
  Trail trail(folder.path);
  const auto& table = trail.table<reeld_analytics>(REELD_ANALYTICS);
  const auto event = [](const char* id, const char* type, const char* user, const char* subject,
                        const char* json) {
    reeld_event one{};
    one.struct_size = sizeof one;
    one.schema = 1;
    one.time_ms = 1'764'410'400'000;
    one.id = plugin::abi(id);
    one.type = plugin::abi(type);
    one.user_id = plugin::abi(user);
    one.subject = plugin::abi(subject);
    one.json = plugin::abi(json);
    return one;
  };
  const std::array events = {
      event("a", "user.role_changed", "1", "user:7", R"({"from":"VIEWER","to":"CREATOR"})"),
      event("b", "video.viewed", "7", "video:1", "{}"),
      event("c", "video.price_changed", "7", "video:1", R"({"from_minor":null,"to_minor":999})"),
      event("d", "plugin.quarantined", "", "plugin:x", R"({"reason":"it crashed"})")};
  std::array<const reeld_event*, 4> list{&events[0], &events[1], &events[2], &events[3]};
  const auto offer = [&] {
    std::size_t taken = 0;
    reeld_error failure = plugin::blankError();
    table.consume(trail.self, list.data(), list.size(), &taken, &failure);
    return taken;
  };
  trail.sql().execute("ALTER TABLE audit_records RENAME TO away");
  CHECK(offer() == 0);
  trail.sql().execute("ALTER TABLE away RENAME TO audit_records");
  CHECK(offer() == 4);
  CHECK(offer() == 4);
  const auto records = trail.records();
  REQUIRE(records.size() == 3);
  CHECK(
      records[0].dump() ==
      R"({"id":10000000001,"user_id":1,"action":"ROLE_CHANGED","resource":"user:7","method":null,)"
      R"("endpoint":null,"ip_address":null,"created_at":"2025-11-29T10:00:00.000Z","status":null,)"
      R"("request_id":null,"duration_us":0,"count":1,"detail":{"from":"VIEWER","to":"CREATOR"}})");
  CHECK(fieldOf(records[1], "action") == "PRICE_CHANGED");
  CHECK(fieldOf(records[2], "action") == "PLUGIN_QUARANTINED");
  CHECK(trail.verify().found.empty());
}
