#include "db/migrate.h"

#include "engines.h"

#include <algorithm>
#include <thread>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

const std::vector<Migration> Two = {
    {1, "first",
     "CREATE TABLE a (id {ID}, x TEXT DEFAULT ';'); -- a ; in a comment\nINSERT INTO a (x) VALUES "
     "('it''s; {}');"},
    {2, "second",
     "CREATE TABLE b (id {ID}, a_id BIGINT REFERENCES a (id)); CREATE INDEX b_by_a ON b (a_id);"},
};

std::int64_t number(Database& database, const std::string& sql) {
  return database.read(
      [&](Session& session) { return session.queryText(sql, {}).at(0).integer(0); });
}

}  // namespace

TEST_CASE("migrations are applied once, in order") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    const auto first = migrate(*database, MigrateMode::Auto, sandbox.log, Two);
    CHECK(first.from == 0);
    CHECK(first.to == 2);
    CHECK(first.copy.empty());
    const auto again = migrate(*database, MigrateMode::Auto, sandbox.log, Two);
    CHECK(again.from == 2);
    CHECK(again.to == 2);
    CHECK(number(*database, "SELECT COUNT(*) FROM schema_migrations") == 2);
    CHECK(number(*database, "SELECT COUNT(*) FROM a WHERE x = 'it''s; {}'") == 1);
    CHECK(migrate(*database, MigrateMode::Check, sandbox.log, Two).to == 2);
  }
}

TEST_CASE("keys are never used again") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log, Two);
    static const Statement add("INSERT INTO a (x) VALUES ('y') RETURNING id");
    static const Statement remove("DELETE FROM a WHERE id = $1");
    database->transact([](Session& session) {
      const auto id = session.query(add).at(0).integer(0);
      CHECK(session.execute(remove, id) == 1);
      CHECK(session.query(add).at(0).integer(0) == id + 1);
    });
  }
}

TEST_CASE("a database made by another program is refused") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log, Two);

    const std::vector<Migration> older = {Two[0]};
    CHECK_THROWS_WITH(migrate(*database, MigrateMode::Auto, sandbox.log, older),
                      ContainsSubstring("0002_second") && ContainsSubstring("newer"));
    CHECK(codeOf([&] { migrate(*database, MigrateMode::Auto, sandbox.log, older); }) ==
          ErrorCode::Invalid);

    std::vector<Migration> edited = Two;
    edited[0].sql = "CREATE TABLE a (id {ID})";
    CHECK_THROWS_WITH(migrate(*database, MigrateMode::Check, sandbox.log, edited),
                      ContainsSubstring("0001_first") && ContainsSubstring("differs"));
  }
}

TEST_CASE("check reports what is missing and changes nothing") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    CHECK_THROWS_WITH(migrate(*database, MigrateMode::Check, sandbox.log, Two),
                      ContainsSubstring("0001_first"));
    CHECK(schemaStatus(*database, Two).present == 0);
    CHECK(schemaStatus(*database, Two).wanted == 2);
    CHECK(codeOf([&] { number(*database, "SELECT COUNT(*) FROM schema_migrations"); }) !=
          ErrorCode::Ok);
  }
}

TEST_CASE("a migration that fails leaves nothing of itself") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    std::vector<Migration> broken = Two;
    broken.push_back({3, "broken", "CREATE TABLE c (id BIGINT); INSERT INTO nowhere VALUES (1);"});
    CHECK(codeOf([&] { migrate(*database, MigrateMode::Auto, sandbox.log, broken); }) !=
          ErrorCode::Ok);
    CHECK(schemaStatus(*database, broken).present == 2);
    broken[2].sql = "CREATE TABLE c (id BIGINT)";
    CHECK(migrate(*database, MigrateMode::Auto, sandbox.log, broken).to == 3);
  }
}

TEST_CASE("daemons that start at once migrate once") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    // Each its own pool and connections, as if each were a process.
    std::vector<std::unique_ptr<Database>> daemons;
    for (int i = 0; i < 4; ++i)
      daemons.push_back(sandbox.open());
    std::vector<std::thread> threads;
    std::vector<std::string> outcomes(daemons.size(), "none");
    for (std::size_t i = 0; i < daemons.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          migrate(*daemons[i], MigrateMode::Auto, sandbox.log, embeddedMigrations());
          outcomes[i] = "migrated";
        } catch (const Error& error) {
          outcomes[i] = error.what();
        }
      });
    }
    for (auto& thread : threads)
      thread.join();
    CHECK(outcomes == std::vector<std::string>(daemons.size(), "migrated"));
    CHECK(number(*daemons[0], "SELECT COUNT(*) FROM schema_migrations") ==
          static_cast<std::int64_t>(embeddedMigrations().size()));
  }
}

TEST_CASE("of daemons that start at once on an older file one copies it, as it was") {
  Sandbox sandbox(Dialect::Sqlite);
  std::vector<std::unique_ptr<Database>> daemons;
  for (int i = 0; i < 4; ++i)
    daemons.push_back(sandbox.open());
  migrate(*daemons[0], MigrateMode::Auto, sandbox.log, {Two[0]});
  std::vector<std::string> outcomes(daemons.size(), "none");
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < daemons.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        const auto report = migrate(*daemons[i], MigrateMode::Auto, sandbox.log, Two);
        outcomes[i] = report.copy.empty() ? std::to_string(report.from) : "copied";
      } catch (const Error& error) {
        outcomes[i] = error.what();
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  std::sort(outcomes.begin(), outcomes.end());
  CHECK(outcomes == std::vector<std::string>{"2", "2", "2", "copied"});
  sandbox.options.url = "sqlite:test.db.before-0002";
  CHECK(schemaStatus(*sandbox.open(), Two).present == 1);
}

TEST_CASE("an SQLite file is copied before its schema changes") {
  Sandbox sandbox(Dialect::Sqlite);
  const auto database = sandbox.open();
  migrate(*database, MigrateMode::Auto, sandbox.log, {Two[0]});
  const auto report = migrate(*database, MigrateMode::Auto, sandbox.log, Two);
  CHECK(report.copy == (sandbox.folder() / "test.db.before-0002").string());
  sandbox.options.url = "sqlite:test.db.before-0002";
  const auto copy = sandbox.open();
  CHECK(schemaStatus(*copy, Two).present == 1);
  CHECK(number(*copy, "SELECT COUNT(*) FROM a") == 1);
}
