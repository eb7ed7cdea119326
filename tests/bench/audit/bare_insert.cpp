#include "bare_insert.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

namespace reeld::bench {

namespace {

constexpr int RowsAtOnce = 128;
constexpr int StatementsAtOnce = 16;
constexpr int Columns = 17;
constexpr const char* Table =
    "CREATE TABLE bare_records (boot BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, "
    "user_id BIGINT, action TEXT NOT NULL, resource TEXT, method TEXT NOT NULL, endpoint TEXT NOT "
    "NULL, ip_address TEXT NOT NULL, status BIGINT NOT NULL, request_id TEXT NOT NULL, duration_us "
    "BIGINT NOT NULL, count BIGINT NOT NULL, detail TEXT, event_id TEXT, prev TEXT NOT NULL, mac "
    "TEXT NOT NULL, PRIMARY KEY (boot, seq))";
constexpr std::array Indexes = {
    "CREATE INDEX bare_at ON bare_records (at, boot, seq)",
    "CREATE INDEX bare_user ON bare_records (user_id, at) WHERE user_id IS NOT NULL",
    "CREATE UNIQUE INDEX bare_event ON bare_records (event_id) WHERE event_id IS NOT NULL"};

std::string insertText() {
  std::string sql = "INSERT INTO bare_records VALUES ";
  for (int i = 0; i < RowsAtOnce * Columns; ++i) {
    sql += i % Columns == 0 ? (i == 0 ? "($" : "), ($") : ", $";
    sql += std::to_string(i + 1);
  }
  return sql + ")";
}

/// The values of one row; those that are the same in every row are given once.
struct Row {
  std::string seq;
  std::string at;
  std::array<const char*, Columns> values;
  explicit Row(long long number)
      : seq(std::to_string(number)),
        at(std::to_string(1'764'410'400'000 + number)),
        values{"1",
               seq.c_str(),
               at.c_str(),
               number % 2 == 0 ? "7" : nullptr,
               "API_CALL",
               nullptr,
               "POST",
               "/api/v1/videos/17/upload",
               "192.0.2.7",
               "200",
               "Qm9yZWQgb2YgdGhpcw",
               "1234",
               "1",
               nullptr,
               nullptr,
               "abcdefghijklmnopqrstuvwxyz012345",
               "543210zyxwvutsrqponmlkjihgfedcba"} {}
};

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "bench_audit: the bare loop: %s\n", what);
  std::abort();
}

Cost costOf(int rows, const std::function<void()>& begin,
            const std::function<void(const std::vector<Row>&)>& insert,
            const std::function<void()>& commit) {
  const Stopwatch watch;
  long long number = 0;
  while (number < rows) {
    begin();
    for (int i = 0; i < StatementsAtOnce && number < rows; ++i) {
      std::vector<Row> some;
      some.reserve(RowsAtOnce);
      for (int row = 0; row < RowsAtOnce; ++row) {
        some.emplace_back(++number);
      }
      insert(some);
    }
    commit();
  }
  return watch.of(static_cast<double>(number));
}

}  // namespace

Cost bareIntoSqlite(const std::string& file, int rows) {
  sqlite3* handle = nullptr;
  sqlite3_stmt* statement = nullptr;
  const auto run = [&](const std::string& sql) {
    if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      fail(sqlite3_errmsg(handle));
    }
  };
  if (sqlite3_open(file.c_str(), &handle) != SQLITE_OK) {
    fail(sqlite3_errmsg(handle));
  }
  run("PRAGMA journal_mode=WAL");
  run("PRAGMA synchronous=FULL");
  run("DROP TABLE IF EXISTS bare_records");
  run(std::string(Table) + " WITHOUT ROWID");
  for (const char* index : Indexes) {
    run(index);
  }
  if (sqlite3_prepare_v2(handle, insertText().c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    fail(sqlite3_errmsg(handle));
  }
  const Cost cost = costOf(
      rows, [&] { run("BEGIN IMMEDIATE"); },
      [&](const std::vector<Row>& some) {
        int place = 0;
        for (const Row& row : some) {
          for (const char* value : row.values) {
            ++place;
            if (value == nullptr) {
              sqlite3_bind_null(statement, place);
            } else {
              sqlite3_bind_text(statement, place, value, -1, SQLITE_STATIC);
            }
          }
        }
        if (sqlite3_step(statement) != SQLITE_DONE) {
          fail(sqlite3_errmsg(handle));
        }
        sqlite3_reset(statement);
      },
      [&] { run("COMMIT"); });
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return cost;
}

Cost bareIntoPostgres(const std::string& url, int rows) {
  PGconn* const connection = PQconnectdb(url.c_str());
  const auto check = [&](PGresult* result) {
    const auto status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK) {
      fail(PQerrorMessage(connection));
    }
  };
  const auto run = [&](const std::string& sql) { check(PQexec(connection, sql.c_str())); };
  run("SET client_min_messages TO warning");
  run("DROP TABLE IF EXISTS bare_records");
  run(Table);
  for (const char* index : Indexes) {
    run(index);
  }
  check(PQprepare(connection, "bare", insertText().c_str(), 0, nullptr));
  const Cost cost = costOf(
      rows, [&] { run("BEGIN"); },
      [&](const std::vector<Row>& some) {
        std::vector<const char*> values;
        for (const Row& row : some) {
          values.insert(values.end(), row.values.begin(), row.values.end());
        }
        check(PQexecPrepared(connection, "bare", static_cast<int>(values.size()), values.data(),
                             nullptr, nullptr, 0));
      },
      [&] { run("COMMIT"); });
  run("DROP TABLE bare_records");
  PQfinish(connection);
  return cost;
}

}  // namespace reeld::bench
