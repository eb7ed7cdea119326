#include "db/migrate.h"

#include "base/crypto.h"

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace reeld::db {

namespace {

const Statement FindTableSqlite(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'");
const Statement FindTablePostgres(
    "SELECT 1 FROM information_schema.tables WHERE table_name = 'schema_migrations' "
    "AND table_schema = ANY (current_schemas(false))");
const Statement CreateTable(R"(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
  ))");
const Statement SelectApplied(
    "SELECT number, checksum, name FROM schema_migrations ORDER BY number");
const Statement InsertApplied(
    "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, "
    "{NOW})");

struct Applied {
  std::string checksum;
  std::string name;
};
using AppliedByNumber = std::map<int, Applied>;

std::string numbered(int number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::string checksum(const Migration& migration) { return toHex(sha256(migration.sql)); }

/// What migrations may write where the engines differ.
struct TypeToken {
  std::string_view name;
  std::string_view sqlite;
  std::string_view postgres;
};
constexpr std::array<TypeToken, 3> TypeTokens = {{
    {"{ID}", "INTEGER PRIMARY KEY AUTOINCREMENT",
     "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"},
    // A text column that is compared byte by byte, whatever the database's language is.
    {"{BYTES}", "", "COLLATE \"C\""},
    // A table that is its own primary key.
    {"{COMPACT}", "WITHOUT ROWID", ""},
}};

std::string inDialect(std::string_view sql, Dialect dialect) {
  std::string out(sql);
  for (const TypeToken& token : TypeTokens) {
    const auto text = dialect == Dialect::Sqlite ? token.sqlite : token.postgres;
    for (auto at = out.find(token.name); at != std::string::npos;
         at = out.find(token.name, at + text.size())) {
      out.replace(at, token.name.size(), text);
    }
  }
  return out;
}

AppliedByNumber appliedIn(Session& session) {
  const bool exists =
      session.find(session.dialect() == Dialect::Sqlite ? FindTableSqlite : FindTablePostgres)
          .has_value();
  AppliedByNumber applied;
  if (!exists)
    return applied;
  for (const Row& row : session.query(SelectApplied)) {
    applied.emplace(static_cast<int>(row.integer(0)), Applied{row.text(1), row.text(2)});
  }
  return applied;
}

/// Every line of the database must be a migration of ours, unchanged.
void requireOurs(const AppliedByNumber& applied, const std::vector<Migration>& migrations) {
  std::map<int, const Migration*> ours;
  for (const Migration& migration : migrations)
    ours.emplace(migration.number, &migration);
  for (const auto& [number, line] : applied) {
    const auto found = ours.find(number);
    if (found == ours.end()) {
      throw Error(ErrorCode::Invalid,
                  "the database has migration " + numbered(number) + "_" + line.name +
                      ", which this version of reeld does not know (start the newer "
                      "version, or restore a backup)");
    }
    if (checksum(*found->second) != line.checksum) {
      throw Error(ErrorCode::Invalid,
                  "migration " + numbered(number) + "_" + line.name +
                      " differs from the one this database was made with (install an "
                      "unmodified reeld)");
    }
  }
}

int newest(const AppliedByNumber& applied) { return applied.empty() ? 0 : applied.rbegin()->first; }

const Migration* firstMissing(const AppliedByNumber& applied,
                              const std::vector<Migration>& migrations) {
  for (const Migration& migration : migrations) {
    if (!applied.contains(migration.number))
      return &migration;
  }
  return nullptr;
}

/// False if another daemon has applied it meanwhile.
bool apply(Database& database, const Migration& migration,
           const std::vector<Migration>& migrations) {
  bool done = false;
  database.changeSchema([&](Session& session) {
    session.execute(CreateTable);
    const AppliedByNumber applied = appliedIn(session);
    requireOurs(applied, migrations);
    done = !applied.contains(migration.number);
    if (!done)
      return;
    session.script(inDialect(migration.sql, session.dialect()));
    session.execute(InsertApplied, migration.number, migration.name, checksum(migration));
  });
  return done;
}

/// One daemon changes a file; others that start meanwhile wait for it, and find it changed. On a
/// server there is no copy to be made before, and it has them take turns (changeSchema()).
std::unique_ptr<Database::Leadership> lead(Database& database, const Log& log) {
  constexpr std::chrono::milliseconds Again{50};
  if (database.file().empty()) {
    return nullptr;
  }
  for (bool told = false;; told = true) {
    if (auto leadership = database.tryLead("migrate")) {
      return leadership;
    }
    if (!told) {
      log.info("another daemon is changing the schema of the database; waiting for it");
    }
    std::this_thread::sleep_for(Again);
  }
}

/// The path of the copy; empty where there is nothing to lose, or a server that has copies.
std::string copyBefore(int number, const AppliedByNumber& applied, Database& database,
                       const Log& log) {
  const std::string copy = database.file() + ".before-" + numbered(number);
  if (applied.empty() || database.file().empty() || !database.copyTo(copy)) {
    return {};
  }
  log.info("copied the database before changing its schema", {{"copy", copy}});
  return copy;
}

}  // namespace

MigrationReport migrate(Database& database, MigrateMode mode, const Log& log,
                        const std::vector<Migration>& migrations) {
  const auto known = [&] {
    AppliedByNumber applied = database.read(&appliedIn);
    requireOurs(applied, migrations);
    return applied;
  };
  AppliedByNumber applied = known();
  const Migration* missing = firstMissing(applied, migrations);
  if (missing == nullptr)
    return {.from = newest(applied), .to = newest(applied), .copy = {}};
  if (mode == MigrateMode::Check) {
    throw Error(ErrorCode::Invalid, "the database lacks migration " + numbered(missing->number) +
                                        "_" + std::string(missing->name) +
                                        " (start once with database.migrate: auto)");
  }
  const auto leadership = lead(database, log);
  applied = known();
  missing = firstMissing(applied, migrations);
  MigrationReport report{.from = newest(applied), .to = newest(applied), .copy = {}};
  if (missing == nullptr)
    return report;
  report.copy = copyBefore(missing->number, applied, database, log);
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.number))
      continue;
    if (apply(database, migration, migrations)) {
      log.info("applied a migration", {{"number", migration.number}, {"name", migration.name}});
    }
    report.to = migration.number;
  }
  return report;
}

SchemaStatus schemaStatus(Database& database, const std::vector<Migration>& migrations) {
  const AppliedByNumber applied = database.read(&appliedIn);
  return {.present = newest(applied), .wanted = migrations.empty() ? 0 : migrations.back().number};
}

}  // namespace reeld::db
