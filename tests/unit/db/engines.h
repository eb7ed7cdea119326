// Every case of this folder runs on SQLite and, when REELD_TEST_POSTGRES is set, on PostgreSQL.
// Each Sandbox is an empty database: a file in a temporary folder, or a schema of its own.
#pragma once
#include "base/crypto.h"
#include "base/log.h"
#include "base/metrics.h"
#include "catch.h"
#include "db/database.h"

#include <libpq-fe.h>

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace reeld::test {

inline const char* postgresUrl() { return std::getenv("REELD_TEST_POSTGRES"); }

inline std::vector<db::Dialect> engines() {
  std::vector<db::Dialect> all = {db::Dialect::Sqlite};
  if (postgresUrl() != nullptr)
    all.push_back(db::Dialect::Postgres);
  return all;
}

inline std::string nameOf(db::Dialect dialect) {
  return dialect == db::Dialect::Sqlite ? "on SQLite" : "on PostgreSQL";
}

/// A connection beside the database under test, as another program would have.
inline std::string onServer(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()),
                                                                &PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             &PQclear);
  const auto status = PQresultStatus(result.get());
  INFO(PQerrorMessage(connection.get()));
  REQUIRE((status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

class Sandbox {
 public:
  explicit Sandbox(db::Dialect dialect) : dialect_(dialect) {
    initCrypto();
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-db-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    options.data_dir = folder_.string();
    options.url = "sqlite:test.db";
    options.pool = 4;
    if (dialect_ == db::Dialect::Postgres) {
      schema_ = folder_.filename().string();
      onServer(postgresUrl(), "CREATE SCHEMA \"" + schema_ + "\"");
      const std::string url = postgresUrl();
      options.url = url + (url.find('?') == std::string::npos ? "?" : "&") +
                    "options=-csearch_path%3D\\\"" + schema_ + "\\\"";
    }
  }
  ~Sandbox() {
    if (dialect_ == db::Dialect::Postgres) {
      onServer(postgresUrl(),
               "SET client_min_messages = error; DROP SCHEMA \"" + schema_ + "\" CASCADE");
    }
    std::filesystem::remove_all(folder_);
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  std::unique_ptr<db::Database> open() { return db::Database::open(options, log, metrics); }
  const std::filesystem::path& folder() const { return folder_; }
  db::Dialect dialect() const { return dialect_; }

  db::DatabaseOptions options;
  Log log{LogLevel::Error};
  Metrics metrics;

 private:
  db::Dialect dialect_;
  std::filesystem::path folder_;
  std::string schema_;
};

/// The code of the Error that body throws; Ok if it throws none.
template <class Body>
ErrorCode codeOf(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    UNSCOPED_INFO(error.what());
    return error.code();
  }
  return ErrorCode::Ok;
}

}  // namespace reeld::test
