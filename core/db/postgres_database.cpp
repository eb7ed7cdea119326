#include "db/postgres_database.h"

#include "db/postgres_leadership.h"

namespace reeld::db {

namespace {
const Statement SelectEncoding(
    "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()");
}

PostgresDatabase::PostgresDatabase(const DatabaseOptions& options, Log& log, Metrics& metrics)
    : EngineDatabase(options, log, metrics),
      url_(options.url),
      pool_(
          options.pool, "database session",
          [this, wait = options.wait] {
            return std::make_unique<PostgresConnection>(url_.connectionText(), wait, log_);
          },
          metrics.gauge("reeld_db_pool_connections", "Database connections in use, by kind",
                        {{"state", "in_use"}})) {
  const std::string encoding =
      read([](Session& session) { return session.query(SelectEncoding).at(0).text(0); });
  if (encoding != "UTF8") {
    throw Error(ErrorCode::Invalid, "the database " + url_.shown() + " has the encoding " +
                                        encoding + " (make it with ENCODING 'UTF8')");
  }
  log_.debug("connected to the database", {{"database", url_.shown()}});
}

void PostgresDatabase::withConnection(TransactionKind, Deadline deadline,
                                      const std::function<void(Connection&)>& use) {
  const auto lease = pool_.take(deadline);
  use(**lease);
}

std::unique_ptr<Database::Leadership> PostgresDatabase::tryLead(const std::string& task) {
  return PostgresLeadership::tryTake(url_.connectionText(), task);
}

}  // namespace reeld::db
