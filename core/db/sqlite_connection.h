// A session of Poco's SQLite on one database file: WAL, synchronous=FULL, foreign keys on.
#pragma once
#include "db/connection.h"

#include <memory>
#include <string>

namespace reeld::db {

enum class SqliteRole { Writer, Reader };

class SqliteConnection final : public Connection {
 public:
  /// `path` is absolute.
  SqliteConnection(const std::string& path, SqliteRole role);
  ~SqliteConnection() override;

  Dialect dialect() const noexcept override { return Dialect::Sqlite; }
  void begin(TransactionKind kind) override;
  void commit() override;
  void rollback() noexcept override;
  Answer run(const std::string& text, const std::vector<Value>& values) override;
  void post(const std::string& text, const std::vector<Value>& values) override {
    run(text, values);
  }
  std::shared_ptr<std::optional<Rows>> ask(const std::string& text,
                                           const std::vector<Value>& values) override {
    return std::make_shared<std::optional<Rows>>(run(text, values).rows);
  }
  void flush() override {}
  void script(const std::string& sql) override;

  /// Nothing to check: the file is local.
  void prepareForUse(bool) noexcept {}
  /// Writes a complete copy of the database to a file that must not exist.
  void copyTo(const std::string& path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld::db
