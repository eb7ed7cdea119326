// The peer of a list of videos: the same columns of the same fifty rows, again and again, by a
// prepared statement of libpq on one connection, each value made a string. Prints its CPU
// microseconds per round.
// usage: list_rows URL ROUNDS
#include <libpq-fe.h>

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

const char* const Sql =
    "SELECT id, creator_id, title, description, category, is_paid, price_minor, state, "
    "failure_stage, failure_cause, failure_hint, damaged, duration_ms, current_encoding, "
    "poster_key, created_at, updated_at, deleted_at, tags, own_poster, reprocessing, subtitles "
    "FROM videos WHERE deleted_at IS NULL AND state = 'READY' ORDER BY id DESC LIMIT 50";

double cpuMicroseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

void readOnce(PGconn* connection) {
  const Result result(PQexecPrepared(connection, "list", 0, nullptr, nullptr, nullptr, 0),
                      &PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQntuples(result.get()) != 50) {
    std::fprintf(stderr, "list_rows: %s\n", PQerrorMessage(connection));
    std::exit(1);
  }
  std::vector<std::string> values;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    values.clear();
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      values.emplace_back(PQgetvalue(result.get(), row, column));
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: list_rows URL ROUNDS\n");
    return 2;
  }
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(arguments[1]),
                                                                &PQfinish);
  const Result prepared(PQprepare(connection.get(), "list", Sql, 0, nullptr), &PQclear);
  const int rounds = std::atoi(arguments[2]);
  readOnce(connection.get());
  const double before = cpuMicroseconds();
  for (int i = 0; i < rounds; ++i) {
    readOnce(connection.get());
  }
  std::printf("%.2f\n", (cpuMicroseconds() - before) / rounds);
  return 0;
}
