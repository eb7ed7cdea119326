// Many threads on one database: order, deadlines, serializability.
#include "db/fifo_slots.h"
#include "engines.h"

#include <algorithm>
#include <latch>
#include <thread>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;
using std::chrono::steady_clock;

namespace {
const Statement CreateCounter("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
const Statement InsertCounter("INSERT INTO counter (id, n) VALUES ($1, $2)");
const Statement SelectCounter("SELECT n FROM counter WHERE id = $1");
const Statement UpdateCounter("UPDATE counter SET n = $1 WHERE id = $2");
const Statement SumCounters("SELECT CAST(SUM(n) AS BIGINT) FROM counter");

std::unique_ptr<Database> withCounters(Sandbox& sandbox) {
  auto database = sandbox.open();
  database->transact([](Session& session) {
    session.execute(CreateCounter);
    session.execute(InsertCounter, 1, 0);
    session.execute(InsertCounter, 2, 0);
  });
  return database;
}

std::int64_t counter(Database& database, int id) {
  return database.read([&](Session& s) { return s.query(SelectCounter, id).at(0).integer(0); });
}
}  // namespace

TEST_CASE("slots are handed out in the order of asking") {
  FifoSlots slots(1);
  const auto soon = [] { return steady_clock::now() + std::chrono::seconds(20); };
  REQUIRE(slots.acquire(soon()));
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (!slots.acquire(soon())) {
        return;
      }
      order.push_back(i);
      slots.release();
    });
    // The next one starts when this one stands in the queue.
    while (slots.waiting() != static_cast<std::size_t>(i) + 1)
      std::this_thread::yield();
  }
  slots.release();
  for (auto& thread : threads)
    thread.join();
  CHECK(std::is_sorted(order.begin(), order.end()));
  CHECK(order.size() == 8);
}

TEST_CASE("who waits past the deadline gives up its place") {
  FifoSlots slots(1);
  REQUIRE(slots.acquire(steady_clock::now()));
  CHECK_FALSE(slots.acquire(steady_clock::now() + std::chrono::milliseconds(20)));
  CHECK(slots.waiting() == 0);
  slots.release();
  CHECK(slots.acquire(steady_clock::now()));
}

TEST_CASE("transactions are as if alone") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    sandbox.options.wait = std::chrono::seconds(30);
    const auto database = withCounters(sandbox);
    std::vector<std::thread> threads;
    std::atomic<int> failures = 0;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          try {
            database->transact([](Session& session) {
              const auto n = session.query(SelectCounter, 1).at(0).integer(0);
              session.execute(UpdateCounter, n + 1, 1);
            });
          } catch (const Error&) {
            ++failures;
          }
        }
      });
    }
    for (auto& thread : threads)
      thread.join();
    CHECK(failures == 0);
    CHECK(counter(*database, 1) == 150);
  }
}

TEST_CASE("two transactions that each rely on what the other changes do not both commit") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    sandbox.options.wait = std::chrono::seconds(30);
    const auto database = withCounters(sandbox);
    // The rule: the sum never exceeds one. Each sees zero and raises its own row.
    const auto raise = [&](int id) {
      database->transact([&](Session& session) {
        if (session.query(SumCounters).at(0).integer(0) == 0)
          session.execute(UpdateCounter, 1, id);
      });
    };
    for (int round = 0; round < 20; ++round) {
      std::latch begin(2);
      std::thread other([&] {
        begin.arrive_and_wait();
        raise(1);
      });
      begin.arrive_and_wait();
      raise(2);
      other.join();
      CHECK(counter(*database, 1) + counter(*database, 2) == 1);
      database->transact([](Session& session) {
        session.execute(UpdateCounter, 0, 1);
        session.execute(UpdateCounter, 0, 2);
      });
    }
  }
}

TEST_CASE("a read sees one moment") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withCounters(sandbox);
    database->read([&](Session& session) {
      CHECK(session.query(SelectCounter, 1).at(0).integer(0) == 0);
      std::thread([&] {
        database->transact([](Session& other) { other.execute(UpdateCounter, 5, 1); });
      }).join();
      CHECK(session.query(SelectCounter, 1).at(0).integer(0) == 0);
    });
    CHECK(counter(*database, 1) == 5);
  }
}

TEST_CASE("when everything is taken the next waits, then hears UNAVAILABLE") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    sandbox.options.pool = 2;
    sandbox.options.wait = std::chrono::milliseconds(300);
    const auto database = withCounters(sandbox);
    std::latch inside(3);
    std::latch leave(1);
    std::vector<std::thread> holders;
    for (int i = 0; i < 2; ++i) {
      holders.emplace_back([&] {
        database->read([&](Session& session) {
          session.query(SumCounters);
          inside.count_down();
          leave.wait();
        });
      });
    }
    inside.arrive_and_wait();
    const auto began = steady_clock::now();
    try {
      counter(*database, 1);
      FAIL("a third reader was let in");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Unavailable);
      CHECK(error.retryAfterMs() > 0);
    }
    const auto waited = steady_clock::now() - began;
    CHECK(waited >= std::chrono::milliseconds(300));
    CHECK(codeOf([&] { database->ping(std::chrono::milliseconds(20)); }) == ErrorCode::Unavailable);
    leave.count_down();
    for (auto& holder : holders)
      holder.join();
    CHECK_NOTHROW(database->ping(std::chrono::seconds(5)));
    CHECK(counter(*database, 1) == 0);
  }
}

TEST_CASE("another process that holds an SQLite file is waited for") {
  Sandbox sandbox(Dialect::Sqlite);
  const auto database = withCounters(sandbox);
  const auto other = sandbox.open();
  std::latch inside(2);
  std::thread holder([&] {
    other->transact([&](Session& session) {
      session.execute(UpdateCounter, 1, 1);
      inside.arrive_and_wait();
    });
  });
  inside.arrive_and_wait();
  database->transact([](Session& session) { session.execute(UpdateCounter, 2, 2); });
  holder.join();
  CHECK(counter(*database, 1) == 1);
  CHECK(counter(*database, 2) == 2);
}
