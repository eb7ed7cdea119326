// A single-row SELECT by primary key through core/db (kept statements) against the engine's
// own client (libpq with a prepared statement, sqlite3 with a prepared statement), in alternation
// in one process. Gated is the CPU time of this process per SELECT on PostgreSQL, as the median of
// pairs: at most 1.25 of libpq's, which is 0.8 of its rate where the client is the bottleneck.
// Wall-clock rates are printed, and with REELD_TEST_LONG what a request pays for one SELECT alone.
// Needs REELD_TEST_POSTGRES; run it with "tests/tools/postgres run build/release/tests/bench_db".
#include "base/crypto.h"
#include "bench/thorough.h"
#include "db/database.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace reeld;

const int Pairs = test::isThorough() ? 7 : 5;
constexpr int Keys = 1000;
constexpr double Target = 1.25;
/// Beyond this the run fails; between the two it prints "missed" (shared and noisy hardware).
constexpr double FailBeyond = 1.5 * Target;

struct Cost {
  double cpu_us = 0;
  double wall_us = 0;
};

double cpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Cost measure(int count, const std::function<void(int)>& select) {
  const double cpu = cpuSeconds();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    select(i % Keys);
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  return {(cpuSeconds() - cpu) / count * 1e6, wall.count() / count * 1e6};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Figure {
  double ours_us;
  double theirs_us;
  double ratio;
};

using Round = std::function<Cost()>;

Figure compare(const std::string& name, const Round& ours, const Round& theirs) {
  std::vector<double> ratios, our_cpu, their_cpu, our_wall, their_wall;
  ours();
  theirs();  // warm
  for (int pair = 0; pair < Pairs; ++pair) {
    const Cost a = ours();
    const Cost b = theirs();
    ratios.push_back(a.cpu_us / b.cpu_us);
    our_cpu.push_back(a.cpu_us);
    their_cpu.push_back(b.cpu_us);
    our_wall.push_back(a.wall_us);
    their_wall.push_back(b.wall_us);
  }
  std::printf(
      "%s: CPU %.2f us against %.2f us; wall %.0f/s against %.0f/s; CPU ratios %.2f to %.2f\n",
      name.c_str(), median(our_cpu), median(their_cpu), 1e6 / median(our_wall),
      1e6 / median(their_wall), *std::min_element(ratios.begin(), ratios.end()),
      *std::max_element(ratios.begin(), ratios.end()));
  return {median(our_cpu), median(their_cpu), median(ratios)};
}

const db::Statement Create(
    "CREATE TABLE bench_rows (id BIGINT PRIMARY KEY, name TEXT, amount BIGINT)");
const db::Statement Insert("INSERT INTO bench_rows (id, name, amount) VALUES ($1, $2, $3)");
const db::Statement Select("SELECT id, name, amount FROM bench_rows WHERE id = $1");
const db::Statement Drop("DROP TABLE IF EXISTS bench_rows");

void fill(db::Database& database) {
  database.transact([](db::Session& session) {
    session.execute(Drop);
    session.execute(Create);
    for (int i = 0; i < Keys; ++i) {
      session.execute(Insert, i, "a name of ordinary length " + std::to_string(i), i * 7);
    }
  });
}

/// One transaction per round on either side, so that only the statements differ.
Cost throughReeld(db::Database& database, int count) {
  return database.read([&](db::Session& session) {
    return measure(count, [&](int key) {
      const auto row = session.find(Select, key);
      if (!row || row->integer(2) != key * 7) {
        std::abort();
      }
    });
  });
}

Cost throughLibpq(PGconn* connection, int count) {
  PQclear(PQexec(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  const Cost cost = measure(count, [&](int key) {
    const std::string text = std::to_string(key);
    const char* const values[] = {text.c_str()};
    PGresult* const result = PQexecPrepared(connection, "bench", 1, values, nullptr, nullptr, 0);
    const std::string name = PQgetvalue(result, 0, 1);
    if (std::atoll(PQgetvalue(result, 0, 2)) != key * 7) {
      std::abort();
    }
    PQclear(result);
  });
  PQclear(PQexec(connection, "COMMIT"));
  return cost;
}

/// What a request pays: each SELECT asked for by itself. Shown, not judged: it is round trips.
void showSingleReads(db::Database& database) {
  constexpr int Count = 5000;
  const auto one = [](db::Session& session) { return session.find(Select, 7)->integer(2); };
  compare(
      "PostgreSQL, readOne() against read()",
      [&] { return measure(Count, [&](int) { database.readOne(one); }); },
      [&] { return measure(Count, [&](int) { database.read(one); }); });
}

Figure onPostgres(const std::string& url, Log& log, Metrics& metrics) {
  const auto database = db::Database::open({.url = url, .data_dir = {}, .pool = 2}, log, metrics);
  fill(*database);
  PGconn* const connection = PQconnectdb(url.c_str());
  PQclear(PQprepare(connection, "bench", "SELECT id, name, amount FROM bench_rows WHERE id = $1", 1,
                    nullptr));
  constexpr int Count = 20000;
  const Figure figure = compare(
      "PostgreSQL, kept statement against libpq", [&] { return throughReeld(*database, Count); },
      [&] { return throughLibpq(connection, Count); });
  if (test::isThorough()) {
    showSingleReads(*database);
  }
  PQfinish(connection);
  database->transact([](db::Session& session) { session.execute(Drop); });
  return figure;
}

Figure onSqlite(Log& log, Metrics& metrics) {
  std::string folder = (std::filesystem::temp_directory_path() / "reeld-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    std::perror("bench_db: a temporary folder");
    std::exit(2);
  }
  Figure figure{};
  {
    const auto database =
        db::Database::open({.url = "sqlite:bench.db", .data_dir = folder, .pool = 2}, log, metrics);
    fill(*database);
    sqlite3* handle = nullptr;
    sqlite3_open((folder + "/bench.db").c_str(), &handle);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(handle, "SELECT id, name, amount FROM bench_rows WHERE id = ?", -1,
                       &statement, nullptr);
    constexpr int Count = 100000;
    figure = compare(
        "SQLite, kept statement against sqlite3", [&] { return throughReeld(*database, Count); },
        [&] {
          sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr);
          const Cost cost = measure(Count, [&](int key) {
            sqlite3_bind_int64(statement, 1, key);
            sqlite3_step(statement);
            const std::string name =
                reinterpret_cast<const char*>(sqlite3_column_text(statement, 1));
            if (sqlite3_column_int64(statement, 2) != key * 7) {
              std::abort();
            }
            sqlite3_reset(statement);
          });
          sqlite3_exec(handle, "COMMIT", nullptr, nullptr, nullptr);
          return cost;
        });
    sqlite3_finalize(statement);
    sqlite3_close(handle);
  }
  std::filesystem::remove_all(folder);
  return figure;
}

}  // namespace

int main() {
  const char* const url = std::getenv("REELD_TEST_POSTGRES");
  if (url == nullptr) {
    std::fprintf(stderr,
                 "bench_db: REELD_TEST_POSTGRES is not set (tests/tools/postgres run bench_db)\n");
    return 2;
  }
  initCrypto();
  Log log(LogLevel::Error);
  Metrics metrics;
  onSqlite(log, metrics);
  const Figure figure = onPostgres(url, log, metrics);
  std::printf("database: SELECT by key, CPU against libpq: %.2f (to reach: %.2f) %s\n",
              figure.ratio, Target, figure.ratio <= Target ? "reached" : "missed");
  return figure.ratio <= FailBeyond ? 0 : 1;
}
