// A session advisory lock on a connection of its own: whoever has it leads; when the connection
// ends, so does the lead, and the server gives the lock to the next daemon that asks.
#pragma once
#include "db/database.h"

#include <memory>
#include <string>

typedef struct pg_conn PGconn;

namespace reeld::db {

class PostgresLeadership final : public Database::Leadership {
 public:
  /// Nothing if another daemon leads; throws Error UNAVAILABLE if the server cannot be reached.
  static std::unique_ptr<PostgresLeadership> tryTake(const std::string& connection_text,
                                                     const std::string& task);
  explicit PostgresLeadership(PGconn* connection) : connection_(connection) {}
  ~PostgresLeadership() override;
  bool held() override;

 private:
  PGconn* connection_;  ///< owned
};

}  // namespace reeld::db
