// A piece of SQL, declared once at namespace scope and checked there: placeholders $1..$n are first
// used in ascending order and never inside a literal (SQLite numbers them by first appearance). The
// text is the common subset of SQLite and PostgreSQL, with these tokens for what differs:
//   {NOW}          the database's clock as epoch milliseconds
//   {SKIP LOCKED}  FOR UPDATE SKIP LOCKED, or nothing on SQLite (one writer)
//   {FOR UPDATE}   FOR UPDATE, or nothing on SQLite
//   {BY index}     behind a table: SQLite takes this index, whatever its statistics say; or nothing
#pragma once
#include <string>

namespace reeld::db {

enum class Dialect { Sqlite, Postgres };

class Statement {
 public:
  /// Throws std::logic_error for SQL that breaks the rules above: a mistake of ours, found at
  /// start.
  explicit Statement(const char* sql);
  explicit Statement(const std::string& sql) : Statement(sql.c_str()) {}

  const std::string& text(Dialect dialect) const {
    return dialect == Dialect::Sqlite ? sqlite_ : postgres_;
  }
  int placeholders() const noexcept { return placeholders_; }

 private:
  std::string sqlite_;
  std::string postgres_;
  int placeholders_ = 0;
};

}  // namespace reeld::db
