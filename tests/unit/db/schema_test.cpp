// Rules that the program's own schema keeps: every foreign key has an index, and what holds times
// and money has 64 bits.
#include "db/migrate.h"
#include "engines.h"

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

/// Foreign keys whose columns are not the beginning of an index of their table, as "table.column".
/// An index of those rows that have a value at all is enough: who looks for one looks nowhere else.
const char* const UnindexedOnPostgres = R"(
  SELECT CAST(c.conrelid AS regclass) || '.' || a.attname
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  WHERE c.contype = 'f' AND c.connamespace = CAST(quote_ident(current_schema()) AS regnamespace)
    AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
                    AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = '(' || a.attname || ' IS NOT NULL)')))";
const char* const UnindexedOnSqlite = R"(
  SELECT t.name || '.' || k."from"
  FROM sqlite_master t, pragma_foreign_key_list(t.name) k
  WHERE t.type = 'table'
    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) c
                    WHERE c.seqno = 0 AND c.name = k."from"
                      AND (l.partial = 0 OR (SELECT sql FROM sqlite_master WHERE name = l.name)
                           LIKE '%WHERE ' || k."from" || ' IS NOT NULL')))";
const char* const ForeignKeysOnPostgres =
    "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = "
    "CAST(quote_ident(current_schema()) AS regnamespace)";
const char* const ForeignKeysOnSqlite =
    "SELECT COUNT(*) FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = "
    "'table'";
const char* const OddTypesOnPostgres = R"(
  SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
  WHERE table_schema = current_schema() AND data_type NOT IN ('bigint', 'text'))";
const char* const OddTypesOnSqlite = R"(
  SELECT t.name || '.' || c.name || ' ' || c.type FROM sqlite_master t, pragma_table_info(t.name) c
  WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.type NOT IN ('BIGINT', 'TEXT')
    AND NOT (c.type = 'INTEGER' AND c.pk = 1))";

std::string listed(const Rows& rows) {
  std::string all;
  for (const Row& row : rows)
    all += row.text(0) + " ";
  return all;
}

}  // namespace

TEST_CASE("the schema keeps the house's rules") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    const bool sqlite = engine == Dialect::Sqlite;
    // In a transaction: the pragma functions of SQLite read through the writer as well.
    database->transact([&](Session& session) {
      CHECK(session.queryText(sqlite ? ForeignKeysOnSqlite : ForeignKeysOnPostgres, {})
                .at(0)
                .integer(0) > 10);
      CHECK(listed(session.queryText(sqlite ? UnindexedOnSqlite : UnindexedOnPostgres, {})) == "");
      CHECK(listed(session.queryText(sqlite ? OddTypesOnSqlite : OddTypesOnPostgres, {})) == "");
    });
  }
}
