// What audit-trail promises of retention: records are taken away by age, what is left can be
// verified, and nothing that was tampered with disappears before it was named.
#include "base/crypto.h"
#include "base/sha256.h"
#include "trail_held.h"

using namespace reeld;
using namespace reeld::test;

namespace {

constexpr std::int64_t TrailDayMs = 86'400'000;
constexpr std::int64_t PerBoot = 10'000'000'000;
using Found = std::set<std::string>;

/// As if a boot had begun so long ago: its head says so, under a good seal. Numbers are as stored.
void beginEarlier(const Trail& trail, std::int64_t boot, std::int64_t by) {
  const sdk::Sql sql = trail.sql();
  const std::string number = std::to_string(boot);
  sql.execute("UPDATE audit_boots SET started_at = started_at - " + std::to_string(by) +
              " WHERE boot = " + number);
  const auto row = sql.execute(
      "SELECT boot, node, started_at, last_seq, last_mac, reserved, ended_at, key_name "
      "FROM audit_boots WHERE boot = " +
      number)[0];
  std::string fields = "4:head,";
  for (const auto& value : row) {
    fields += value ? std::to_string(value->size()) + ":" + *value + "," : "-,";
  }
  const Digest digest = HmacKey(sdk::Host(trail.host()).key("records")).mac(fields);
  constexpr std::size_t SealBytes = 24;
  const std::string seal = toBase64Url({reinterpret_cast<const char*>(digest.data()), SealBytes});
  sql.execute("UPDATE audit_boots SET seal = $1 WHERE boot = $2", {seal, number});
}

/// Two boots that began four days ago. Of the first all 60 records are three days old, of the
/// second the first 20, for its others are a twentieth of a day apart.
void makeOld(const Folder& folder) {
  const std::int64_t now = wallMs();
  for (std::int64_t boot = 1; boot <= 2; ++boot) {
    const Trail trail(folder.path, R"({"keep_days":0})");
    for (int i = 0; i < 60; ++i) {
      trail.ask(
          {.at_ms = now - 3 * TrailDayMs + 600'000 + i * (boot == 1 ? 1000 : TrailDayMs / 20)});
    }
  }
  const Trail trail(folder.path, R"({"keep_days":0})");
  beginEarlier(trail, 1, 4 * TrailDayMs);
  beginEarlier(trail, 2, 4 * TrailDayMs);
  REQUIRE(trail.verify().found.empty());
}

}  // namespace

TEST_CASE("records are taken away by age, and what is left can still be verified") {
  const Folder folder;
  makeOld(folder);
  Trail trail(folder.path, R"({"keep_days":2})");
  auto verdict = trail.verify();
  CHECK(verdict.found.empty());
  CHECK(verdict.records == 40);
  CHECK(fieldOf(trail.records().front(), "id") == std::to_string(2 * PerBoot + 21));
  const sdk::Sql sql = trail.sql();
  sql.execute("UPDATE audit_pruned SET seq = 22 WHERE boot = 2");
  CHECK(trail.verify().found.contains("head 2 0"));
  sql.execute("UPDATE audit_pruned SET seq = 20 WHERE boot = 2");
  sql.execute("DELETE FROM audit_records WHERE boot = 2 AND seq = 21");
  CHECK(trail.verify().found == Found{"missing 2 21"});
}

TEST_CASE("a daemon starts though its old records cannot be taken away") {
  const Folder folder;
  makeOld(folder);
  {
    const Trail trail(folder.path, R"({"keep_days":0})");
    trail.sql().execute("ALTER TABLE audit_pruned RENAME TO away");
  }
  {
    const Trail trail(folder.path, R"({"keep_days":2})");
    CHECK(trail.ask({.method = "POST"}) == 200);
    trail.sql().execute("ALTER TABLE away RENAME TO audit_pruned");
    CHECK(trail.verify().records == 120);
  }
  // What it recorded meanwhile the next start stores, if its own end did not.
  Trail trail(folder.path, R"({"keep_days":2})");
  trail.beginSchedule();
  trail.settle();
  CHECK(trail.verify().records == 41);
  CHECK(trail.verify().found.empty());
}

TEST_CASE("what was tampered with is not taken away by age before verify has named it") {
  const auto afterwards = [](const std::string& change) {
    const Folder folder;
    makeOld(folder);
    {
      const Trail trail(folder.path, R"({"keep_days":0})");
      trail.sql().execute(change);
    }
    for (int start = 0; start < 2; ++start) {
      const Trail trail(folder.path, R"({"keep_days":2})");
      CAPTURE(change, start);
      CHECK_FALSE(trail.verify().found.empty());
    }
    const Trail trail(folder.path, R"({"keep_days":0})");
    return trail.verify();
  };
  const std::string records = "UPDATE audit_records SET ";
  // Made to look old: the whole trail would be gone.
  auto verdict = afterwards(records + "at = 1");
  CHECK(verdict.records == 120);
  CHECK(verdict.found.size() == 120);
  verdict = afterwards(records + "at = 1 WHERE boot = 2 AND seq = 21");
  CHECK(verdict.found == Found{"changed 2 21"});
  CHECK(verdict.records == 40);
  verdict = afterwards(records + "ip_address = '198.51.100.1' WHERE boot = 1 AND seq = 30");
  CHECK(verdict.found == Found{"changed 1 30"});
  CHECK(verdict.records == 31 + 40);
  CHECK(afterwards("DELETE FROM audit_records WHERE boot = 1 AND seq <= 5").found ==
        Found{"missing 1 1"});
  CHECK(afterwards("DELETE FROM audit_records WHERE boot = 1 AND seq = 7").found ==
        Found{"missing 1 7"});
  CHECK(afterwards("DELETE FROM audit_boots WHERE boot = 1").found == Found{"boots 1 0"});
  CHECK(afterwards("UPDATE audit_boots SET started_at = 1 WHERE boot = 1").found ==
        Found{"head 1 0"});
  CHECK(afterwards("UPDATE audit_checkpoints SET mac = 'x' WHERE boot = 1").found ==
        Found{"checkpoint 1 60"});
}

TEST_CASE("no record is older than the start of the daemon that wrote it") {
  const Folder folder;
  {
    const Trail trail(folder.path, R"({"keep_days":0})");
    trail.ask({.at_ms = wallMs() - 30 * TrailDayMs});
  }
  const Trail trail(folder.path, R"({"keep_days":2})");
  CHECK(trail.verify().records == 1);
}

TEST_CASE("records of another secret are taken away by age, and that hides nothing") {
  const Folder folder;
  makeOld(folder);
  {
    const Trail trail(folder.path, R"({"keep_days":0})");
    trail.sql().execute("CREATE TABLE kept AS SELECT * FROM audit_boots");
    trail.sql().execute("UPDATE audit_boots SET key_name = 'another' WHERE boot = 1");
  }
  const Trail trail(folder.path, R"({"keep_days":2})");
  CHECK(trail.verify().records == 40);
  CHECK(trail.verify().found == Found{"head 1 0"});
  // Whoever only said that it was another secret.
  trail.sql().execute(
      "UPDATE audit_boots SET key_name = (SELECT key_name FROM kept WHERE boot = 1) "
      "WHERE boot = 1");
  CHECK(trail.verify().found == Found{"head 1 0"});
}
