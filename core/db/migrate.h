// Brings a database's schema to what this program needs: ordered files (migrations/NNNN_name.sql,
// embedded in the program), each in one transaction together with its line in schema_migrations.
// Forward only. A file is never edited after release: its checksum is compared.
#pragma once
#include "base/log.h"
#include "db/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::db {

struct Migration {
  int number;
  std::string_view name;  ///< "users"
  std::string_view sql;   ///< with tokens: {ID} is a key that is never reused
};

/// The program's own, in order.
const std::vector<Migration>& embeddedMigrations();

enum class MigrateMode {
  Auto,   ///< apply what is missing; an SQLite file is copied first (<file>.before-NNNN)
  Check,  ///< refuse to start if something is missing
};

struct MigrationReport {
  int from = 0;  ///< the number of the newest migration found; 0 = an empty database
  int to = 0;
  std::string copy;  ///< the file the database was copied to, if it was
};

/// Throws Error INVALID (exit 78) for a schema that is newer than the program, a changed checksum,
/// or, with Check, a missing migration. Daemons that start at once take
/// turns, and each returns when the schema is whole.
MigrationReport migrate(Database& database, MigrateMode mode, const Log& log,
                        const std::vector<Migration>& migrations = embeddedMigrations());

/// What is there and what is missing, without changing anything.
struct SchemaStatus {
  int present = 0;
  int wanted = 0;
};
SchemaStatus schemaStatus(Database& database,
                          const std::vector<Migration>& migrations = embeddedMigrations());

}  // namespace reeld::db
