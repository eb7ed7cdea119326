// SQLite: one writer behind a FIFO lock, N readers, one file on a local disk.
#pragma once
#include "db/connection_pool.h"
#include "db/engine_database.h"
#include "db/sqlite_connection.h"

#include <string>

namespace reeld::db {

class SqliteDatabase final : public EngineDatabase {
 public:
  SqliteDatabase(const DatabaseOptions& options, Log& log, Metrics& metrics);

  Dialect dialect() const noexcept override { return Dialect::Sqlite; }
  bool copyTo(const std::string& path) override;
  std::string file() const override { return path_; }
  std::unique_ptr<Leadership> tryLead(const std::string& task) override;

 private:
  void withConnection(TransactionKind kind, Deadline deadline,
                      const std::function<void(Connection&)>& use) override;
  void connectionLost() noexcept override {}

  std::string path_;
  std::chrono::milliseconds wait_;
  ConnectionPool<SqliteConnection> writer_;
  ConnectionPool<SqliteConnection> readers_;
};

}  // namespace reeld::db
