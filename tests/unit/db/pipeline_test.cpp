// Statements that nobody waits for at once: what is posted, and what is asked ahead.
#include "engines.h"

#include <chrono>
#include <thread>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

const Statement InsertRow("INSERT INTO t (n) VALUES ($1)");
const Statement Count("SELECT COUNT(*) FROM t");
const Statement Largest("SELECT COALESCE(MAX(n), 0) FROM t");

std::int64_t one(const Rows& rows) { return rows.at(0).integer(0); }

std::unique_ptr<Database> withTable(Sandbox& sandbox) {
  auto database = sandbox.open();
  database->transact([](Session& s) { s.script("CREATE TABLE t (n BIGINT PRIMARY KEY)"); });
  return database;
}

}  // namespace

TEST_CASE("what is posted is there for whatever follows, and after the commit") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withTable(sandbox);
    database->transact([](Session& session) {
      session.post(InsertRow, 1);
      session.post(InsertRow, 2);
      CHECK(one(session.query(Count)) == 2);
      session.post(InsertRow, 3);
    });
    database->transact([](Session& session) { session.post(InsertRow, 4); });
    database->transactByLocks([](Session&) {});
    CHECK(database->read([](Session& session) { return one(session.query(Count)); }) == 4);
  }
}

TEST_CASE("what is posted in vain fails the transaction, and none of it stays") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withTable(sandbox);
    const auto fails = [&](bool asks_after) {
      return codeOf([&] {
        database->transact([&](Session& session) {
          session.post(InsertRow, 1);
          session.post(InsertRow, 1);
          session.post(InsertRow, 2);
          if (asks_after) {
            session.query(Count);
          }
        });
      });
    };
    for (int round = 0; round < 5; ++round) {
      CHECK(fails(true) == ErrorCode::Conflict);
      CHECK(fails(false) == ErrorCode::Conflict);
    }
    CHECK(database->read([](Session& session) { return one(session.query(Count)); }) == 0);
  }
}

TEST_CASE("what a transaction that is given up has posted never was") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withTable(sandbox);
    CHECK(codeOf([&] {
            database->transact([](Session& session) {
              session.post(InsertRow, 1);
              throw Error(ErrorCode::Invalid, "no");
            });
          }) == ErrorCode::Invalid);
    CHECK(database->read([](Session& session) { return one(session.query(Count)); }) == 0);
  }
}

TEST_CASE("a question sees what was changed before it, and not what was changed behind it") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withTable(sandbox);
    database->transact([](Session& session) {
      session.post(InsertRow, 7);
      const Asked count = session.ask(Count);
      const Asked largest = session.ask(Largest);
      session.post(InsertRow, 8);
      CHECK(one(largest.rows()) == 7);
      CHECK(one(count.rows()) == 1);
      const Asked both = session.ask(Count);
      CHECK(one(session.query(Largest)) == 8);
      CHECK(one(both.rows()) == 2);
      static_cast<void>(session.ask(Count));  // nobody wants to know
    });
    CHECK(database->readOne([](Session& session) { return one(session.ask(Count).rows()); }) == 2);
    database->readOne([](Session& session) { static_cast<void>(session.ask(Count)); });
    CHECK(database->read([](Session& session) { return one(session.query(Count)); }) == 2);
  }
}

TEST_CASE("a question that cannot be answered says so to who waits for it") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withTable(sandbox);
    static const Statement fraction("SELECT n / 2.0 FROM t");
    database->transact([](Session& session) { session.post(InsertRow, 1); });
    CHECK(codeOf([&] {
            database->read([](Session& session) {
              const Asked bad = session.ask(fraction);
              const Asked good = session.ask(Count);
              good.rows();
              bad.rows();
            });
          }) == ErrorCode::Internal);
    CHECK(database->read([](Session& session) { return one(session.query(Count)); }) == 1);
  }
}

TEST_CASE("a transaction that the server ended for doing nothing is not run again") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Sandbox sandbox(Dialect::Postgres);
  const auto database = withTable(sandbox);
  int runs = 0;
  CHECK(codeOf([&] {
          database->transact([&](Session& session) {
            ++runs;
            session.queryText("SET LOCAL idle_in_transaction_session_timeout = 200", {});
            std::this_thread::sleep_for(std::chrono::milliseconds(600));
            session.execute(InsertRow, 1);
          });
        }) == ErrorCode::Unavailable);
  CHECK(runs == 1);
  CHECK(database->read([](Session& session) { return one(session.query(Count)); }) == 0);
}
