// What audit-trail promises of what is stored: no way to change, take out, exchange or insert a
// record that its verification does not name, and a trail that can be verified after a kill.
#include "trail_held.h"

#include <map>
#include <random>

using namespace reeld;
using namespace reeld::test;

namespace {

using Found = std::set<std::string>;

}  // namespace

TEST_CASE("an ordered end stores everything, a kill says how many requests may be missing") {
  const Folder folder;
  {
    const Trail trail(folder.path, R"({"ring":64})");
    for (int i = 0; i < 20; ++i) {
      trail.ask({.method = "POST"});
    }
  }
  Trail killed(folder.path, R"({"ring":64})");
  auto verdict = killed.verify();
  CHECK(verdict.records == 20);
  CHECK(verdict.found.empty());
  CHECK(verdict.maybe_missing == 0);
  CHECK(verdict.unanchored == 0);
  killed.beginSchedule();
  killed.ask({.method = "POST"});
  killed.settle();
  for (int i = 0; i < 5; ++i) {
    killed.ask({.method = "POST"});
  }
  killed.kill();
  const Trail trail(folder.path, R"({"ring":64})");
  verdict = trail.verify();
  CHECK(verdict.records >= 21);
  CHECK(verdict.found.empty());
  CHECK(verdict.maybe_missing == 64);
  CHECK(verdict.notes.starts_with(
      "boot 2 did not end in order: up to 64 requests after record 2000000"));
}

TEST_CASE("of what a kill cost verify counts requests, and names what is counted nowhere") {
  const Folder folder;
  constexpr int Callers = 200;
  {
    Trail killed(folder.path, R"({"ring":512})");
    killed.beginSchedule();
    for (int i = 0; i < Callers; ++i) {
      const std::string peer = "198.51.100." + std::to_string(i);
      killed.ask({.peer = peer.c_str(), .status = 429, .is_refused = true});
    }
    killed.ask({.method = "POST"});
    killed.settleBut(Callers);
    killed.kill();
  }
  const Trail trail(folder.path, R"({"ring":512})");
  const auto verdict = trail.verify();
  CHECK(verdict.found.empty());
  CHECK(verdict.records == 1);
  CHECK(verdict.maybe_missing == 512);
  CHECK(verdict.notes ==
        "boot 1 did not end in order: up to 512 requests after record 10000000001 may be missing; "
        "refusals by a limit (429) of its last minute and reads that found no place are not in "
        "that number\n");
}

TEST_CASE("an edited, missing, exchanged or inserted record is named, and no other") {
  const unsigned seed = std::random_device()();
  std::printf("audit-trail tampering: seed %u\n", seed);
  std::mt19937 random(seed);
  const auto upTo = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(1, most)(random);
  };
  const Folder folder;
  std::map<std::int64_t, std::int64_t> sizes;  // of boots
  for (std::int64_t boot = 1; boot <= 3; ++boot) {
    const Trail trail(folder.path);
    sizes[boot] = 20 + upTo(80);
    for (std::int64_t i = 0; i < sizes[boot]; ++i) {
      trail.ask({.method = i % 2 == 0 ? "GET" : "POST", .user = i % 3 == 0 ? "7" : ""});
    }
  }
  const Trail trail(folder.path);
  const sdk::Sql sql = trail.sql();
  REQUIRE(trail.verify().found.empty());
  REQUIRE(trail.verify().records == sizes[1] + sizes[2] + sizes[3]);
  sql.execute("CREATE TABLE kept AS SELECT * FROM audit_records");
  static const std::vector<std::string> Columns = {
      "at",     "user_id",    "action",      "resource", "method", "endpoint", "ip_address",
      "status", "request_id", "duration_us", "count",    "detail", "event_id", "prev"};
  const auto at = [](const char* what, std::int64_t boot, std::int64_t seq) {
    return std::string(what) + " " + std::to_string(boot) + " " + std::to_string(seq);
  };
  for (int round = 0; round < 120; ++round) {
    const std::int64_t boot = upTo(3);
    const std::int64_t size = sizes[boot];
    const std::int64_t seq = upTo(size);
    const std::int64_t other = seq % size + 1;
    const std::string place =
        " WHERE boot = " + std::to_string(boot) + " AND seq = " + std::to_string(seq);
    Found wanted;
    const auto kind = random() % 6;
    if (kind == 0) {
      const std::string& column = Columns[random() % Columns.size()];
      sql.execute("UPDATE audit_records SET " + column + " = '5'" + place);
      wanted = {at("changed", boot, seq)};
    } else if (kind == 1) {
      sql.execute("DELETE FROM audit_records" + place);
      wanted = {at("missing", boot, seq)};
      if (seq == size) {
        wanted.insert(at("checkpoint", boot, seq));
      }
    } else if (kind == 2) {
      const std::string there =
          " WHERE boot = " + std::to_string(boot) + " AND seq = " + std::to_string(other);
      sql.execute("UPDATE audit_records SET seq = -1" + place);
      sql.execute("UPDATE audit_records SET seq = " + std::to_string(seq) + there);
      sql.execute("UPDATE audit_records SET seq = " + std::to_string(other) + " WHERE seq = -1");
      wanted = {at("changed", boot, seq), at("changed", boot, other)};
      if (std::max(seq, other) == size) {
        wanted.insert(at("checkpoint", boot, size));
      }
    } else if (kind == 3) {
      sql.execute(
          "INSERT INTO audit_records SELECT boot, " + std::to_string(size + 1) +
          ", at, user_id, action, resource, method, endpoint, ip_address, status, request_id, "
          "duration_us, count, detail, event_id, prev, mac FROM kept" +
          place);
      wanted = {at("inserted", boot, size + 1)};
    } else if (kind == 4) {
      const std::int64_t from = std::max<std::int64_t>(1, size - 3);
      sql.execute("DELETE FROM audit_records WHERE boot = " + std::to_string(boot) +
                  " AND seq >= " + std::to_string(from));
      wanted = {at("missing", boot, from), at("checkpoint", boot, size)};
    } else {
      sql.execute(
          "INSERT INTO audit_records SELECT boot + 7, seq, at, user_id, action, resource, "
          "method, endpoint, ip_address, status, request_id, duration_us, count, detail, "
          "event_id, prev, mac FROM kept WHERE boot = " +
          std::to_string(boot) + " AND seq = 1");
      wanted = {at("changed", boot + 7, 1), at("boots", boot + 7, 0)};
      if (boot + 7 > 5) {
        wanted.insert(at("boots", 5, 0));  // numbers between that there never were
      }
    }
    CAPTURE(seed, round, kind, boot, seq, size);
    CHECK(trail.verify().found == wanted);
    sql.execute("DELETE FROM audit_records");
    sql.execute("INSERT INTO audit_records SELECT * FROM kept");
  }
  CHECK(trail.verify().found.empty());
}

TEST_CASE("the heads of boots and the marks beside them are held against their seals too") {
  const Folder folder;
  for (int boot = 0; boot < 3; ++boot) {
    const Trail trail(folder.path);
    for (int i = 0; i < 10; ++i) {
      trail.ask();
    }
  }
  const Trail trail(folder.path);
  const sdk::Sql sql = trail.sql();
  sql.execute("CREATE TABLE kept AS SELECT * FROM audit_boots");
  const auto after = [&](const std::string& change) {
    sql.execute(change);
    const Found found = trail.verify().found;
    sql.execute("DELETE FROM audit_boots");
    sql.execute("INSERT INTO audit_boots SELECT * FROM kept");
    return found;
  };
  CHECK(after("UPDATE audit_boots SET reserved = 99 WHERE boot = 2") == Found{"head 2 0"});
  CHECK(after("UPDATE audit_boots SET ended_at = NULL WHERE boot = 2") == Found{"head 2 0"});
  CHECK(after("UPDATE audit_boots SET key_name = 'x' WHERE boot = 2") == Found{"head 2 0"});
  CHECK(after("DELETE FROM audit_boots WHERE boot = 2") == Found{"boots 2 0"});
  sql.execute("CREATE TABLE records AS SELECT * FROM audit_records");
  sql.execute("DELETE FROM audit_records WHERE boot = 2");
  CHECK(after("DELETE FROM audit_boots WHERE boot = 2") == Found{"boots 2 0"});
  sql.execute("INSERT INTO audit_records SELECT * FROM records WHERE boot = 2");
  CHECK(trail.verify().found.empty());
  sql.execute("UPDATE audit_checkpoints SET seq = 9 WHERE boot = 1");
  CHECK(trail.verify().found == Found{"checkpoint 1 9"});
}

TEST_CASE("a checkpoint of the journal tells whether the trail was set back as a whole") {
  const Folder folder;
  {
    const Trail trail(folder.path);
    for (int i = 0; i < 10; ++i) {
      trail.ask();
    }
  }
  const Trail trail(folder.path);
  const auto rows = trail.sql().execute("SELECT boot, seq, mac FROM audit_checkpoints");
  REQUIRE(rows.size() == 1);
  const std::string mark = *rows[0][0] + " " + *rows[0][1] + " ";
  CHECK(trail.report("checkpoint " + mark + *rows[0][2]).find("ok")->boolean());
  CHECK_FALSE(trail.report("checkpoint " + mark + rows[0][2]->substr(1)).find("ok")->boolean());
  CHECK_FALSE(trail.report("checkpoint 1 99 " + *rows[0][2]).find("ok")->boolean());
}

TEST_CASE("whatever somebody writes into the tables, changes are let in and have their record") {
  const std::string copy =
      "at, user_id, action, resource, method, endpoint, ip_address, status, request_id, "
      "duration_us, count, detail, event_id, prev, mac FROM audit_records WHERE boot = 1 AND "
      "seq = 1";
  const std::map<std::string, Found> attempts = {
      // Where the next record belongs.
      {"INSERT INTO audit_records SELECT 1, 2, " + copy, {"inserted 1 2"}},
      {"INSERT INTO audit_records SELECT 1, 7, " + copy, {"inserted 1 7"}},
      {"INSERT INTO audit_records SELECT 2, 1, " + copy, {"boots 2 0", "changed 2 1"}},
      {"DELETE FROM audit_boots", {"boots 1 0"}},
      {"INSERT INTO audit_boots VALUES (2, 'x', 1, 0, '', 0, NULL, 'x', 'x')", {"head 2 0"}}};
  for (const auto& [attempt, wanted] : attempts) {
    CAPTURE(attempt);
    const Folder folder;
    {
      Trail trail(folder.path, R"({"ring":16})");
      trail.beginSchedule();
      trail.ask({.method = "POST"});
      trail.settle();
      trail.sql().execute(attempt);
      for (int i = 0; i < 20; ++i) {
        CHECK(trail.ask({.method = "PUT"}) == 200);
        trail.settle();
      }
      CHECK(trail.verify().found == wanted);
    }
    const Trail again(folder.path);
    CHECK(again.ask({.method = "PUT"}) == 200);
    const auto verdict = again.verify();
    CHECK(verdict.found == wanted);
    CHECK(verdict.maybe_missing == 0);
    int stored = 0;
    for (const Json& record : again.records()) {
      stored += fieldOf(record, "method") == "PUT" ? 1 : 0;
    }
    CHECK(stored == 20);
  }
}

TEST_CASE("boots of another secret cannot be verified, which is told once of each") {
  const Folder folder;
  for (int boot = 0; boot < 2; ++boot) {
    const Trail trail(folder.path);
    for (int i = 0; i < 10; ++i) {
      trail.ask();
    }
  }
  const Trail trail(folder.path, "{}", "another secret of the site, as long as it has to be");
  trail.ask();
  auto verdict = trail.verify();
  CHECK(verdict.records == 20);
  CHECK(verdict.found == Found{"head 1 0", "head 2 0"});
  CHECK(trail.report("verify").find("findings")->array()[0].find("text")->text() ==
        "boot 1 cannot be verified: it was sealed with another secret than the site's present one");
  // What needs no key is told all the same.
  trail.sql().execute("DELETE FROM audit_records WHERE boot = 2 AND seq = 5");
  CHECK(trail.verify().found == Found{"head 1 0", "head 2 0", "missing 2 5"});
}
