#include "db/statement.h"

#include "catch.h"

#include <stdexcept>

using reeld::db::Dialect;
using reeld::db::Statement;

TEST_CASE("placeholders first appear in ascending order") {
  CHECK(Statement("SELECT 1").placeholders() == 0);
  CHECK(Statement("SELECT $1, $2, $1, $3").placeholders() == 3);
  CHECK(Statement("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11").placeholders() == 11);
  CHECK_THROWS_AS(Statement("SELECT $2, $1"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT $1, $3"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT $0"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT $"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT $99999999999999999999"), std::logic_error);
}

TEST_CASE("no placeholder hides in a literal, a name or a comment") {
  CHECK_THROWS_AS(Statement("SELECT '$1'"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT \"$1\""), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT 1 -- $1"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT /* $1 */ 1"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT 'it''s $1'"), std::logic_error);
  CHECK(Statement("SELECT 'it''s', \"a\", $1 -- end").placeholders() == 1);
  CHECK(Statement("SELECT 'costs $', $1 /* -- ' */").placeholders() == 1);
}

TEST_CASE("what only one engine reads is refused") {
  CHECK_THROWS_AS(Statement("SELECT ?"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT 1; SELECT 2"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT 1::bigint"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT 'no end"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT /* no end"), std::logic_error);
  CHECK_THROWS_AS(Statement("SELECT {WHAT}"), std::logic_error);
  CHECK_THROWS_AS(Statement("  \n"), std::logic_error);
  CHECK_NOTHROW(Statement("SELECT ':;?{}'"));
}

TEST_CASE("tokens become the dialect's words") {
  const Statement by("SELECT id FROM videos {BY videos_by_paid} WHERE is_paid = 0");
  CHECK(by.text(Dialect::Sqlite) ==
        "SELECT id FROM videos INDEXED BY videos_by_paid WHERE is_paid = 0");
  CHECK(by.text(Dialect::Postgres) == "SELECT id FROM videos  WHERE is_paid = 0");
  const Statement statement("SELECT id FROM jobs WHERE run_at <= {NOW} {SKIP LOCKED}");
  CHECK_THAT(statement.text(Dialect::Postgres),
             ContainsSubstring("clock_timestamp") && EndsWith("FOR UPDATE SKIP LOCKED"));
  CHECK_THAT(statement.text(Dialect::Sqlite),
             ContainsSubstring("julianday") && !ContainsSubstring("LOCKED"));
  CHECK(Statement("SELECT '{}', '{NOW}'").text(Dialect::Postgres) == "SELECT '{}', '{NOW}'");
}
