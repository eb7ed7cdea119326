// Idempotency-Key: one answer per key, to those who wait for it as well.
#include "billing/idempotency.h"

#include "billing/order.h"
#include "unit/users/site.h"

#include <atomic>
#include <thread>

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;

namespace {

struct Keys : Site {
  explicit Keys(db::Dialect dialect = db::Dialect::Sqlite)
      : Site(dialect), user(add("ada@example.org")) {}
  Answer once(const std::string& key, const std::function<Answer()>& work,
              const std::string& operation = "POST /x") {
    return idempotency.once(user, key, operation, work);
  }
  users::UserId user;
  Idempotency idempotency{*database, clock, "node"};
};

}  // namespace

TEST_CASE("the first answer is every answer, for a day") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Keys keys(dialect);
      int runs = 0;
      const auto work = [&] { return Answer{201, "body " + std::to_string(++runs)}; };
      CHECK(keys.once("k", work).body == "body 1");
      CHECK(keys.once("k", work).body == "body 1");
      CHECK(keys.once("k", work).status == 201);
      CHECK(keys.once("other", work).body == "body 2");
      CHECK(keys.once("", work).body == "body 3");
      CHECK(keys.once("", work).body == "body 4");
      CHECK(reasonOf([&] { keys.once("k", work, "POST /y"); }) == "idempotency-key-reused");
      keys.clock.advance(86'400'001);
      keys.database->transact(
          [&](db::Session& session) { forgetOldRequests(session, keys.clock.now()); });
      CHECK(keys.once("k", work).body == "body 5");
    }
  }
}

TEST_CASE("a key with another body is another request, unless its body was never looked at") {
  Keys keys;
  const auto work = [] { return Answer{200, "done"}; };
  keys.once("k", work, "POST /x sha256:aa");
  CHECK(keys.once("k", work, "POST /x sha256:aa").body == "done");
  CHECK(reasonOf([&] { keys.once("k", work, "POST /x sha256:ab"); }) == "idempotency-key-reused");
  // As releases before kept it.
  keys.once("old", work, "POST /x");
  CHECK(keys.once("old", work, "POST /x sha256:ab").body == "done");
  CHECK(reasonOf([&] { keys.once("old", work, "POST /xy sha256:a"); }) == "idempotency-key-reused");
}

TEST_CASE("a daemon that was too slow neither overwrites nor forgets another's answer") {
  for (const auto dialect : engines()) {
    for (const bool is_done : {true, false}) {
      DYNAMIC_SECTION(nameOf(dialect) << (is_done ? ", that is there" : ", still to come")) {
        Keys keys(dialect);
        Idempotency second{*keys.database, keys.clock, "second"};
        const auto once = [&](const std::string& body) {
          return second.once(keys.user, "k", "POST /x", [&] { return Answer{200, body}; });
        };
        const auto slow = [&]() -> Answer {
          keys.clock.advance(BusyMs + 1);
          if (is_done) {
            once("of the second");
            return {200, "of the first"};
          }
          keys.run("UPDATE idempotency SET busy_by = 'second'");
          throw Error(ErrorCode::Unavailable, "away");
        };
        if (is_done) {
          keys.once("k", slow);
          CHECK(once("again").body == "of the second");
        } else {
          CHECK(codeOf([&] { keys.once("k", slow); }) == ErrorCode::Unavailable);
          CHECK(keys.count("SELECT COUNT(*) FROM idempotency") == 1);
        }
      }
    }
  }
}

TEST_CASE("a refusal is an answer, a fault is none") {
  Keys keys;
  int runs = 0;
  const auto refuse = [&]() -> Answer {
    ++runs;
    throw Error(ErrorCode::Denied, "no").reason("payment-declined");
  };
  CHECK(reasonOf([&] { keys.once("k", refuse); }) == "payment-declined");
  CHECK(reasonOf([&] { keys.once("k", refuse); }) == "payment-declined");
  CHECK(runs == 1);
  const auto fail = [&]() -> Answer {
    ++runs;
    throw Error(ErrorCode::Unavailable, "away");
  };
  CHECK(codeOf([&] { keys.once("f", fail); }) == ErrorCode::Unavailable);
  CHECK(keys.once("f", [] { return Answer{200, "now"}; }).body == "now");
  CHECK(runs == 2);
}

TEST_CASE("those who come meanwhile wait for the first answer") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Keys keys(dialect);
      std::atomic<int> runs{0}, right{0};
      std::vector<std::jthread> threads;
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
          const Answer answer = keys.once("k", [&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            return Answer{200, std::to_string(++runs)};
          });
          right += answer.body == "1" ? 1 : 0;
        });
      }
      threads.clear();
      CHECK(runs == 1);
      CHECK(right == 4);
    }
  }
}

TEST_CASE("a key that its daemon died on is taken over") {
  Keys keys;
  keys.run(
      "INSERT INTO idempotency (user_id, request_key, operation, busy_until, busy_by, "
      "created_at) VALUES (" +
      std::to_string(keys.user) + ", 'k', 'POST /x', 9000000000000, 'node', " +
      std::to_string(keys.clock.now()) + ")");
  keys.database->transact([](db::Session& session) { releaseRequestsOf(session, "node"); });
  CHECK(keys.once("k", [] { return Answer{200, "again"}; }).body == "again");
}
