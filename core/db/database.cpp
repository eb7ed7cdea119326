#include "db/database.h"

#include "db/postgres_database.h"
#include "db/sqlite_database.h"

namespace reeld::db {

namespace {
const Statement SelectNow("SELECT {NOW}");
}

const Rows& Asked::rows() const {
  if (!answer_->has_value()) {
    session_->flush();
  }
  if (!answer_->has_value()) {
    throw Error(ErrorCode::Internal, "the answer to a query is asked for outside its transaction");
  }
  return **answer_;
}

EpochMs Session::now() { return query(SelectNow).at(0).integer(0); }

std::unique_ptr<Database> Database::open(const DatabaseOptions& options, Log& log,
                                         Metrics& metrics) {
  if (options.pool < 1)
    throw Error(ErrorCode::Invalid, "database.pool must be at least 1");
  if (options.url.starts_with("sqlite:"))
    return std::make_unique<SqliteDatabase>(options, log, metrics);
  if (options.url.starts_with("postgresql://") || options.url.starts_with("postgres://")) {
    return std::make_unique<PostgresDatabase>(options, log, metrics);
  }
  throw Error(ErrorCode::Invalid,
              "database.url must be sqlite:<file> or postgresql://<user>@<host>/<name>");
}

void Database::listen(News news, std::function<void()> listener) {
  auto& held = listeners_.at(static_cast<std::size_t>(news));
  const std::lock_guard lock(held.mutex);
  held.call = std::move(listener);
}

void Database::tell(News news) {
  auto& held = listeners_.at(static_cast<std::size_t>(news));
  const std::shared_lock lock(held.mutex);
  if (held.call) {
    held.call();
  }
}

}  // namespace reeld::db
