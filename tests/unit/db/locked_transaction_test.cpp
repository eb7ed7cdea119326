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

TEST_CASE("one statement goes with its transaction, and nothing else is let through") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Sandbox sandbox(dialect);
      const auto database = lockedDatabase(sandbox);
      int told = 0;
      database->listen(db::News::Event, [&] { ++told; });
      const auto insert = [&](int id) {
        return database->transactOneByLocks([&](db::Session& session) {
          session.announce(db::News::Event);
          return session.find(InsertEntry, id).has_value();
        });
      };
      const auto count = [&] {
        static const db::Statement Count{"SELECT COUNT(*) FROM counters"};
        return database->readOne(
            [&](db::Session& session) { return session.query(Count).at(0).integer(0); });
      };
      CHECK(insert(1));
      CHECK_FALSE(insert(1));
      CHECK(insert(2));
      CHECK(told == 3);
      CHECK(database->transactOne(
                [](db::Session& session) { return session.execute(Set, 5, 2); }) == 1);
      CHECK(database->transactOne(
                [](db::Session& session) { return session.execute(Set, 5, 77); }) == 0);
      const auto refused = [&](auto second) {
        CHECK_THROWS_AS(database->transactOne([&](db::Session& session) { second(session); }),
                        std::logic_error);
      };
      refused([](db::Session& session) {
        session.query(Find, 1);
        session.execute(Set, 5, 1);
      });
      refused([](db::Session& session) { session.post(Set, 5, 1); });
      refused([](db::Session& session) { static_cast<void>(session.ask(InsertEntry, 9)); });
      refused([](db::Session& session) { session.script("DELETE FROM counters"); });
      database->transactOne([](db::Session&) {});
      static const db::Statement InsertTwice{"INSERT INTO counters (id, count) VALUES ($1, 0)"};
      const auto again = [&](int id) {
        return codeOf([&] {
          database->transactOne([&](db::Session& session) { session.execute(InsertTwice, id); });
          throw Error(ErrorCode::NotFound, "it was written");
        });
      };
      // The first time a statement is seen it is committed apart.
      CHECK(again(3) == ErrorCode::NotFound);
      CHECK(again(3) == ErrorCode::Conflict);
      CHECK(again(4) == ErrorCode::NotFound);
      CHECK(again(5) == ErrorCode::NotFound);
      CHECK(again(5) == ErrorCode::Conflict);
      CHECK(count() == 5);
    }
  }
}

TEST_CASE("what PostgreSQL refuses at the COMMIT of one statement is said as what it is") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Sandbox sandbox(db::Dialect::Postgres);
  const auto database = lockedDatabase(sandbox);
  database->transact([](db::Session& session) {
    session.script(
        "CREATE TABLE late (id BIGINT UNIQUE DEFERRABLE INITIALLY DEFERRED, price NUMERIC)");
  });
  static const db::Statement InsertLate{"INSERT INTO late (id) VALUES ($1)"};
  const auto insert = [&](int id) {
    database->transactOne([&](db::Session& session) { session.execute(InsertLate, id); });
  };
  insert(1);
  insert(2);
  CHECK(codeOf([&] { insert(2); }) == ErrorCode::Conflict);
  insert(3);
  // What cannot be read is found before anything is committed, also if it was NULL or nothing
  // before.
  static const db::Statement Unreadable{
      "INSERT INTO late (id, price) SELECT 4, CAST(NULLIF(CAST($1 AS BIGINT), 0) AS NUMERIC) "
      "WHERE CAST($2 AS BIGINT) = 1 RETURNING price"};
  static const db::Statement CountLate{"SELECT COUNT(*) FROM late"};
  const auto price = [&](int amount, int is_there) {
    return codeOf([&] {
      database->transactOne(
          [&](db::Session& session) { session.query(Unreadable, amount, is_there); });
      throw Error(ErrorCode::NotFound, "it was read");
    });
  };
  CHECK(price(1, 0) == ErrorCode::NotFound);
  CHECK(price(1, 1) == ErrorCode::Internal);
  CHECK(price(1, 1) == ErrorCode::Internal);
  CHECK(price(0, 1) == ErrorCode::NotFound);
  CHECK(price(1, 1) == ErrorCode::Internal);
  CHECK(database->readOne(
            [](db::Session& session) { return session.query(CountLate).at(0).integer(0); }) == 4);
}

TEST_CASE("a statement whose connection is lost is not run again: it may have been committed") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Sandbox sandbox(db::Dialect::Postgres);
  const auto database = lockedDatabase(sandbox);
  static const db::Statement EndMyself{
      "INSERT INTO counters (id, count) SELECT 7, 0 WHERE pg_terminate_backend(pg_backend_pid())"};
  int runs = 0;
  const auto code = codeOf([&] {
    database->transactOne([&](db::Session& session) {
      ++runs;
      session.execute(EndMyself);
    });
  });
  CHECK(code == ErrorCode::Unavailable);
  CHECK(runs == 1);
  CHECK(database->transactOne(
      [](db::Session& session) { return session.find(InsertEntry, 8).has_value(); }));
}

TEST_CASE("one statement is as if alone, or by locks, as is asked") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Sandbox sandbox(db::Dialect::Postgres);
  const auto database = lockedDatabase(sandbox);
  static const db::Statement Isolation{"SELECT current_setting('transaction_isolation')"};
  const auto isolation = [](db::Session& session) {
    return session.query(Isolation).at(0).text(0);
  };
  for (int turn = 0; turn < 2; ++turn) {
    CHECK(database->transactOne(isolation) == "serializable");
    CHECK(database->transactOneByLocks(isolation) == "read committed");
  }
}
