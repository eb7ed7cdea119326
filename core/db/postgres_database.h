// PostgreSQL: a bounded pool of sessions that heals when the server was restarted.
#pragma once
#include "db/connection_pool.h"
#include "db/engine_database.h"
#include "db/postgres_connection.h"
#include "db/postgres_url.h"

#include <string>

namespace reeld::db {

class PostgresDatabase final : public EngineDatabase {
 public:
  PostgresDatabase(const DatabaseOptions& options, Log& log, Metrics& metrics);

  Dialect dialect() const noexcept override { return Dialect::Postgres; }
  bool copyTo(const std::string&) override { return false; }
  std::string file() const override { return {}; }
  std::unique_ptr<Leadership> tryLead(const std::string& task) override;

 private:
  void withConnection(TransactionKind kind, Deadline deadline,
                      const std::function<void(Connection&)>& use) override;
  void connectionLost() noexcept override { pool_.suspectAll(); }

  PostgresUrl url_;
  ConnectionPool<PostgresConnection> pool_;
};

}  // namespace reeld::db
