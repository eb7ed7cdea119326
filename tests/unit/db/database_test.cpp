#include "db/database.h"

#include "engines.h"

#include <limits>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

const Statement CreateThings(
    "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT UNIQUE, amount BIGINT, parent BIGINT "
    "REFERENCES things (id))");
const Statement InsertThing("INSERT INTO things (id, name, amount) VALUES ($1, $2, $3)");
const Statement SelectThing("SELECT id, name, amount FROM things WHERE id = $1");
const Statement CountThings("SELECT COUNT(*) FROM things");

std::unique_ptr<Database> withThings(Sandbox& sandbox) {
  auto database = sandbox.open();
  database->transact([](Session& session) { session.execute(CreateThings); });
  return database;
}

std::int64_t count(Database& database) {
  return database.read(
      [](Session& session) { return session.query(CountThings).at(0).integer(0); });
}

}  // namespace

TEST_CASE("values come back exactly as they were stored") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    const std::string odd =
        "quote ' double \" back\\slash percent % dollar $1 \xF0\x9F\x8E\xAC\nline";
    const auto max = std::numeric_limits<std::int64_t>::max();
    const auto min = std::numeric_limits<std::int64_t>::min();
    database->transact([&](Session& session) {
      CHECK(session.execute(InsertThing, 1, odd, max) == 1);
      CHECK(session.execute(InsertThing, 2, "", min) == 1);
      CHECK(session.execute(InsertThing, 3, std::nullopt, std::optional<std::int64_t>()) == 1);
    });
    database->read([&](Session& session) {
      const auto first = session.find(SelectThing, 1);
      REQUIRE(first.has_value());
      CHECK(first->integer(0) == 1);
      CHECK(first->text(1) == odd);
      CHECK(first->integer(2) == max);
      const auto second = session.find(SelectThing, 2);
      REQUIRE(second.has_value());
      CHECK(second->maybeText(1) == "");
      CHECK(second->integer(2) == min);
      const auto third = session.find(SelectThing, 3);
      REQUIRE(third.has_value());
      CHECK(third->isNull(1));
      CHECK(third->isNull(2));
      CHECK(third->maybeInteger(2) == std::nullopt);
      CHECK_FALSE(session.find(SelectThing, 4).has_value());
      CHECK(codeOf([&] { static_cast<void>(third->text(1)); }) == ErrorCode::Internal);
      CHECK(codeOf([&] { static_cast<void>(first->integer(1)); }) == ErrorCode::Internal);
      CHECK(codeOf([&] { static_cast<void>(first->integer(9)); }) == ErrorCode::Internal);
    });
  }
}

TEST_CASE("expressions keep their type") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    database->transact([](Session& session) { session.execute(InsertThing, 5, "five", 7); });
    static const Statement select(
        "SELECT COUNT(*), CAST(SUM(amount) AS BIGINT), EXISTS (SELECT 1 FROM things WHERE id = 5), "
        "1, 'x', "
        "CAST(NULL AS TEXT), MAX(name), CAST($1 AS BIGINT), CAST($2 AS TEXT), {NOW} FROM things");
    database->read([&](Session& session) {
      const Row row = session.query(select, 12, "12").at(0);
      CHECK(row.integer(0) == 1);
      CHECK(row.integer(1) == 7);
      CHECK(row.flag(2));
      CHECK(row.integer(3) == 1);
      CHECK(row.text(4) == "x");
      CHECK(row.isNull(5));
      CHECK(row.text(6) == "five");
      CHECK(row.integer(7) == 12);
      CHECK(row.text(8) == "12");
      const auto skew = row.integer(9) - SystemClock().now();
      CHECK(std::abs(skew) < 5000);
      CHECK(std::abs(session.now() - SystemClock().now()) < 5000);
    });
    static const Statement fraction("SELECT 1.5");
    CHECK(codeOf([&] { database->read([](Session& s) { s.query(fraction); }); }) ==
          ErrorCode::Internal);
  }
}

TEST_CASE("a row lasts longer than the statement and the session it came from") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    auto database = withThings(sandbox);
    const std::string name = "a name that is longer than what a string holds in itself";
    const auto read = [&](int id) {
      return database->read([&](Session& session) { return session.find(SelectThing, id); });
    };
    database->transact([&](Session& session) {
      session.execute(InsertThing, 1, name, 10);
      session.execute(InsertThing, 2, "another", std::nullopt);
    });
    const auto first = read(1);
    const auto copy = std::optional(*first);
    const std::string_view seen = first->view(1);
    CHECK(read(2)->text(1) == "another");
    database.reset();
    CHECK(seen == name);
    CHECK(copy->text(1) == name);
    CHECK(copy->integer(2) == 10);
    CHECK(copy->size() == 3);
  }
}

TEST_CASE("kept statements answer anew at every execution") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    database->transact([](Session& session) {
      for (int i = 0; i < 300; ++i) {
        CHECK(session.execute(InsertThing, i, "n" + std::to_string(i),
                              i % 3 == 0 ? Value{} : Value{i}) == 1);
        if (i % 50 == 0)
          CHECK(session.query(CountThings).at(0).integer(0) == i + 1);
      }
      static const Statement all("SELECT id, amount FROM things ORDER BY id");
      const Rows rows = session.query(all);
      REQUIRE(rows.size() == 300);
      CHECK(rows[299].integer(0) == 299);
      CHECK(rows[297].isNull(1));
      CHECK(rows[298].integer(1) == 298);
      static const Statement change("UPDATE things SET amount = $1 WHERE id < $2");
      CHECK(session.execute(change, 1, 10) == 10);
      CHECK(session.execute(change, 1, 20) == 20);
      CHECK(session.execute(change, 1, -1) == 0);
    });
  }
}

TEST_CASE("RETURNING and ON CONFLICT tell what happened") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    static const Statement insert(
        "INSERT INTO things (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id, name");
    static const Statement update("UPDATE things SET amount = $1 WHERE name = $2 RETURNING id");
    database->transact([](Session& session) {
      CHECK(session.query(insert, 1, "a").at(0).text(1) == "a");
      CHECK(session.query(insert, 2, "a").empty());
      CHECK(session.query(insert, 1, "b").empty());
      CHECK(session.query(insert, 2, "b").at(0).integer(0) == 2);
      CHECK(session.query(update, 1, "b").size() == 1);
      CHECK(session.execute(update, 1, "nobody") == 0);
    });
    CHECK(count(*database) == 2);
  }
}

TEST_CASE("an exception rolls everything back") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    bool called = false;
    CHECK_THROWS_AS(database->transact([&](Session& session) {
      session.execute(InsertThing, 1, "a", 1);
      session.afterCommit([&] { called = true; });
      throw std::runtime_error("the body gives up");
    }),
                    std::runtime_error);
    CHECK(count(*database) == 0);
    CHECK_FALSE(called);
    database->transact([&](Session& session) {
      session.execute(InsertThing, 1, "a", 1);
      session.afterCommit([&] { called = count(*database) == 1; });
      CHECK_FALSE(called);
    });
    CHECK(called);
  }
}

TEST_CASE("a taken value is a CONFLICT that names nothing") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    database->transact([](Session& session) { session.execute(InsertThing, 1, "secret", 1); });
    try {
      database->transact([](Session& session) { session.execute(InsertThing, 2, "secret", 1); });
      FAIL("the second row was taken");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Conflict);
      CHECK_THAT(error.what(), !ContainsSubstring("secret") && !ContainsSubstring("name"));
    }
    static const Statement orphan("INSERT INTO things (id, parent) VALUES (9, 99)");
    CHECK(codeOf([&] { database->transact([](Session& s) { s.execute(orphan); }); }) ==
          ErrorCode::Conflict);
    // The statement that failed is made anew and works.
    database->transact([](Session& session) { session.execute(InsertThing, 2, "other", 1); });
    CHECK(count(*database) == 2);
  }
}

TEST_CASE("a transaction whose statement failed is never committed") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    const auto swallow = [&] {
      database->transact([](Session& session) {
        session.execute(InsertThing, 1, "a", 1);
        CHECK(codeOf([&] { session.execute(InsertThing, 1, "b", 1); }) == ErrorCode::Conflict);
        CHECK(codeOf([&] { session.execute(InsertThing, 2, "c", 1); }) == ErrorCode::Internal);
      });
    };
    CHECK(codeOf(swallow) == ErrorCode::Internal);
    CHECK(count(*database) == 0);
  }
}

TEST_CASE("a transaction inside a transaction is refused") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    CHECK(codeOf([&] { database->transact([&](Session&) { count(*database); }); }) ==
          ErrorCode::Internal);
    CHECK(count(*database) == 0);
  }
}

TEST_CASE("a read cannot write") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    CHECK(codeOf([&] { database->read([](Session& s) { s.execute(InsertThing, 1, "a", 1); }); }) !=
          ErrorCode::Ok);
    CHECK(count(*database) == 0);
  }
}

TEST_CASE("text that the engines would keep differently is refused") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    const auto store = [&](const std::string& text) {
      return codeOf(
          [&] { database->transact([&](Session& s) { s.execute(InsertThing, 1, text, 1); }); });
    };
    CHECK(store(std::string("cut\0here", 8)) == ErrorCode::Invalid);
    CHECK(store("\xFF\xFE") == ErrorCode::Invalid);
    CHECK(store("\xED\xA0\x80") == ErrorCode::Invalid);
    CHECK(count(*database) == 0);
    CHECK(store("\xC3\xA4") == ErrorCode::Ok);
  }
}

TEST_CASE("a list may put its filters together at run time") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    database->transact([](Session& session) {
      for (int i = 0; i < 5; ++i)
        session.execute(InsertThing, i, "n" + std::to_string(i), i);
    });
    database->read([](Session& session) {
      const Rows rows =
          session.queryText("SELECT id FROM things WHERE amount >= $1 AND name <> $2 ORDER BY id",
                            {toValue(2), toValue("n3")});
      REQUIRE(rows.size() == 2);
      CHECK(rows[1].integer(0) == 4);
      CHECK_THROWS_AS(session.queryText("SELECT $2", {}), std::logic_error);
      CHECK_THROWS_AS(session.queryText("SELECT CAST($1 AS TEXT)", {}), std::logic_error);
    });
  }
}

TEST_CASE("more statements than are kept do no harm") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    for (int round = 0; round < 2; ++round) {
      database->read([](Session& session) {
        for (int i = 0; i < 400; ++i) {
          CHECK(session.queryText("SELECT " + std::to_string(i), {}).at(0).integer(0) == i);
        }
      });
    }
    if (engine == Dialect::Postgres) {
      database->read([](Session& session) {
        CHECK(
            session.queryText("SELECT COUNT(*) FROM pg_prepared_statements", {}).at(0).integer(0) <=
            257);
      });
    }
  }
}

TEST_CASE("a bad address says what to write instead") {
  Sandbox sandbox(Dialect::Sqlite);
  const auto open = [&](const std::string& url) {
    sandbox.options.url = url;
    return codeOf([&] { sandbox.open(); });
  };
  CHECK(open("mysql://x") == ErrorCode::Invalid);
  CHECK(open("sqlite:") == ErrorCode::Invalid);
  CHECK(open("sqlite::memory:") == ErrorCode::Invalid);
  CHECK(open("postgresql://a@b:notaport/c") == ErrorCode::Invalid);
  CHECK(open("sqlite:missing/folder/x.db") == ErrorCode::Unavailable);
  CHECK(open("postgresql://reeld@/reeld?host=/nonexistent") == ErrorCode::Unavailable);
}

TEST_CASE("a single SELECT is read without a transaction, and nothing else is let through") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = withThings(sandbox);
    database->transact([](Session& session) { session.execute(InsertThing, 1, "one", 11); });
    const auto amount = [&] {
      return database->readOne(
          [](Session& session) { return session.find(SelectThing, 1)->integer(2); });
    };
    CHECK(amount() == 11);
    CHECK_THROWS_AS(database->readOne([](Session& session) {
      session.find(SelectThing, 1);
      session.find(SelectThing, 1);
    }),
                    std::logic_error);
    CHECK_THROWS_AS(
        database->readOne([](Session& session) { session.execute(InsertThing, 2, "two", 2); }),
        std::logic_error);
    CHECK_THROWS_AS(database->readOne([](Session& session) { session.script("SELECT 1"); }),
                    std::logic_error);
    CHECK(codeOf([&] {
            database->readOne([](Session& session) {
              session.query(Statement("SELECT id FROM nothing_of_that_name"));
            });
          }) == ErrorCode::Internal);
    CHECK(count(*database) == 1);
    CHECK(amount() == 11);
  }
}

TEST_CASE("a single SELECT asks PostgreSQL for no transaction of its own") {
  if (postgresUrl() == nullptr) {
    return;
  }
  static const Statement Isolation("SELECT current_setting('transaction_isolation')");
  Sandbox sandbox(Dialect::Postgres);
  const auto database = sandbox.open();
  const auto isolation = [](Session& session) { return session.query(Isolation).at(0).text(0); };
  CHECK(database->readOne(isolation) == "read committed");
  CHECK(database->read(isolation) == "repeatable read");
}
