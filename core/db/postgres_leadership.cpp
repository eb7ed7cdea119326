#include "db/postgres_leadership.h"

#include <libpq-fe.h>

namespace reeld::db {

namespace {
using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;
}

std::unique_ptr<PostgresLeadership> PostgresLeadership::tryTake(const std::string& connection_text,
                                                                const std::string& task) {
  auto candidate = std::make_unique<PostgresLeadership>(PQconnectdb(connection_text.c_str()));
  PGconn* const connection = candidate->connection_;
  if (PQstatus(connection) != CONNECTION_OK) {
    throw Error(ErrorCode::Unavailable, "cannot connect to the database to lead " + task);
  }
  const char* const values[] = {task.c_str()};
  const Result result(
      PQexecParams(connection, "SELECT pg_try_advisory_lock(hashtext('reeld ' || $1::text))", 1,
                   nullptr, values, nullptr, nullptr, 0),
      &PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
    throw Error(ErrorCode::Unavailable, "cannot ask the database who leads " + task);
  }
  if (PQgetvalue(result.get(), 0, 0)[0] != 't')
    return nullptr;
  return candidate;
}

PostgresLeadership::~PostgresLeadership() { PQfinish(connection_); }

bool PostgresLeadership::held() {
  if (PQstatus(connection_) != CONNECTION_OK)
    return false;
  const Result result(PQexec(connection_, "SELECT 1"), &PQclear);
  return PQresultStatus(result.get()) == PGRES_TUPLES_OK;
}

}  // namespace reeld::db
