// Transactions that are right by row locks alone: what is counted under a lock is exact, and many
// at once to different rows of one small table do not run each other over.
#include "engines.h"

#include <atomic>
#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

const db::Statement Lock{"SELECT count FROM counters WHERE id = $1 {FOR UPDATE}"};
const db::Statement Set{"UPDATE counters SET count = $1 WHERE id = $2"};
const db::Statement Find{"SELECT count FROM counters WHERE id = $1"};
const db::Statement InsertEntry{
    "INSERT INTO counters (id, count) VALUES ($1, 0) ON CONFLICT DO NOTHING RETURNING id"};

constexpr int Threads = 8;
constexpr int Rounds = 50;

std::unique_ptr<db::Database> lockedDatabase(Sandbox& sandbox) {
  sandbox.options.pool = Threads;
  auto database = sandbox.open();
  database->transact([](db::Session& session) {
    session.script("CREATE TABLE counters (id BIGINT PRIMARY KEY, count BIGINT NOT NULL)");
  });
  return database;
}

}  // namespace

TEST_CASE("what is read under a lock is what was committed last") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Sandbox sandbox(dialect);
      const auto database = lockedDatabase(sandbox);
      database->transactByLocks([](db::Session& session) { session.query(InsertEntry, 1); });
      std::atomic<int> runs{0};
      std::vector<std::jthread> threads;
      for (int i = 0; i < Threads; ++i) {
        threads.emplace_back([&] {
          for (int round = 0; round < Rounds; ++round) {
            database->transactByLocks([&](db::Session& session) {
              ++runs;
              session.execute(Set, session.query(Lock, 1).at(0).integer(0) + 1, 1);
            });
          }
        });
      }
      threads.clear();
      const auto count = database->readOne(
          [](db::Session& session) { return session.query(Find, 1).at(0).integer(0); });
      CHECK(count == Threads * Rounds);
      CHECK(runs == Threads * Rounds);
    }
  }
}

TEST_CASE("rows that are neighbours in a small index are written at once, without a second try") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Sandbox sandbox(dialect);
      const auto database = lockedDatabase(sandbox);
      std::atomic<int> runs{0};
      std::vector<std::jthread> threads;
      for (int i = 0; i < Threads; ++i) {
        threads.emplace_back([&, i] {
          for (int round = 0; round < Rounds; ++round) {
            const int id = round * Threads + i;
            database->transactByLocks([&](db::Session& session) {
              ++runs;
              if (!session.find(Find, id) && session.find(InsertEntry, id)) {
                session.execute(Set, 7, id);
              }
            });
          }
        });
      }
      threads.clear();
      CHECK(runs == Threads * Rounds);
    }
  }
}

TEST_CASE("a transaction by locks that throws leaves nothing, and does not nest") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Sandbox sandbox(dialect);
      const auto database = lockedDatabase(sandbox);
      CHECK(codeOf([&] {
              database->transactByLocks([](db::Session& session) {
                session.query(InsertEntry, 1);
                throw Error(ErrorCode::Denied, "no");
              });
            }) == ErrorCode::Denied);
      CHECK(codeOf([&] {
              database->transactByLocks(
                  [&](db::Session&) { database->transactByLocks([](db::Session&) {}); });
            }) == ErrorCode::Internal);
      CHECK_FALSE(database->readOne(
          [](db::Session& session) { return session.find(Find, 1).has_value(); }));
    }
  }
}

TEST_CASE("one statement is a transaction of its own, and nothing else is let through") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Sandbox sandbox(dialect);
      const auto database = withCounters(sandbox);
      int told = 0;
      database->listen(db::News::Event, [&] { ++told; });
      const auto insert = [&](int id) {
        return database->changeOne([&](db::Session& session) {
          session.announce(db::News::Event);
          return session.find(Insert, id).has_value();
        });
      };
      const auto isThere = [&](int id) {
        return database->readOne(
            [&](db::Session& session) { return session.find(Find, id).has_value(); });
      };
      CHECK(insert(1));
      CHECK_FALSE(insert(1));
      CHECK(told == 2);
      const auto refused = [&](auto second) {
        CHECK_THROWS_AS(database->changeOne([&](db::Session& session) { second(session); }),
                        std::logic_error);
      };
      refused([](db::Session& session) {
        session.query(Find, 1);
        session.execute(Set, 5, 1);
      });
      refused([](db::Session& session) { session.post(Set, 5, 1); });
      refused([](db::Session& session) { session.script("DELETE FROM counters"); });
      static const db::Statement InsertTwice{"INSERT INTO counters (id, count) VALUES ($1, 0)"};
      CHECK(codeOf([&] {
              database->changeOne([](db::Session& session) { session.execute(InsertTwice, 1); });
            }) == ErrorCode::Conflict);
      CHECK(isThere(1));
      CHECK(insert(2));
    }
  }
}

TEST_CASE("a statement whose connection is lost is not run again: it may have been committed") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Sandbox sandbox(db::Dialect::Postgres);
  const auto database = withCounters(sandbox);
  static const db::Statement EndMyself{
      "INSERT INTO counters (id, count) SELECT 7, 0 WHERE pg_terminate_backend(pg_backend_pid())"};
  int runs = 0;
  const auto code = codeOf([&] {
    database->changeOne([&](db::Session& session) {
      ++runs;
      session.execute(EndMyself);
    });
  });
  CHECK(code == ErrorCode::Unavailable);
  CHECK(runs == 1);
  CHECK(database->changeOne(
      [](db::Session& session) { return session.find(Insert, 8).has_value(); }));
}

TEST_CASE("one statement is PostgreSQL's READ COMMITTED, without BEGIN and COMMIT") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Sandbox sandbox(db::Dialect::Postgres);
  const auto database = withCounters(sandbox);
  static const db::Statement Isolation{"SELECT current_setting('transaction_isolation')"};
  CHECK(database->changeOne([](db::Session& session) {
    return session.query(Isolation).at(0).text(0);
  }) == "read committed");
  static const db::Statement NeverInABlock{"VACUUM counters"};
  database->changeOne([](db::Session& session) { session.execute(NeverInABlock); });
  CHECK_THROWS_AS(
      database->transactByLocks([](db::Session& session) { session.execute(NeverInABlock); }),
      Error);
}
