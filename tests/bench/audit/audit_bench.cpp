// The audit trail against a bare multi-row INSERT loop of the engine's own client, in turn, on
// SQLite and PostgreSQL: from the first request until all records are stored, sealed and numbered.
// To reach: half of the loop's rate. On SQLite, where all of the work is this process's, that is
// CPU per record, as the median of pairs; on PostgreSQL the clock on the wall, best of five of
// either. And 50 000 records a second verified, best of five. Needs REELD_TEST_POSTGRES; run it
// with "tests/tools/postgres run build/release/tests/bench_audit".
#include "bare_insert.h"
#include "base/crypto.h"
#include "trail_host.h"

#include <libpq-fe.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <vector>

namespace {

using namespace reeld;
using namespace reeld::bench;

constexpr int Rounds = 5;
constexpr int Records = 32'768;
constexpr double LeastShare = 0.5;
constexpr double LeastVerified = 50'000;
/// Beyond this a run fails; between the two it prints "missed" (shared and noisy hardware).
constexpr double Tolerance = 1.5;

/// False if it is missed by more than the tolerance.
bool judge(const std::string& what, double found, double least, const std::string& figures) {
  std::printf("%s: %s: %s\n", found >= least ? "reached" : "missed", what.c_str(), figures.c_str());
  return found >= least / Tolerance;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool compare(const std::string& engine, bool in_process, TrailHost& trail,
             const std::function<Cost()>& bare) {
  double ours = 0;
  double theirs = 0;
  std::vector<double> shares, our_cpu, their_cpu;
  for (int round = 0; round < Rounds; ++round) {
    const Cost mine = trail.record(Records);
    const Cost peer = bare();
    ours = std::max(ours, mine.per_second);
    theirs = std::max(theirs, peer.per_second);
    our_cpu.push_back(mine.cpu_us);
    their_cpu.push_back(peer.cpu_us);
    shares.push_back(peer.cpu_us / mine.cpu_us);
  }
  const double share = in_process ? median(shares) : ours / theirs;
  char text[250];
  std::snprintf(
      text, sizeof text,
      "%.2f of a bare loop, to reach %.2f (CPU %.1f us against %.1f us, wall %.0f/s against "
      "%.0f/s)",
      share, LeastShare, median(our_cpu), median(their_cpu), ours, theirs);
  const bool stores = judge("audit trail into " + engine, share, LeastShare, text);
  double verified = 0;
  for (int round = 0; round < Rounds; ++round) {
    verified = std::max(verified, trail.verify());
  }
  std::snprintf(text, sizeof text, "%.0f records/s, to reach %.0f", verified, LeastVerified);
  return judge("verification on " + engine, verified, LeastVerified, text) && stores;
}

void dropSchema(const std::string& url) {
  PGconn* const connection = PQconnectdb(url.c_str());
  PQclear(
      PQexec(connection,
             ("DROP SCHEMA IF EXISTS " + plugin::schemaOf("bench-audit") + " CASCADE").c_str()));
  PQfinish(connection);
}

}  // namespace

int main() {
  const char* const url = std::getenv("REELD_TEST_POSTGRES");
  if (url == nullptr) {
    std::fprintf(
        stderr,
        "bench_audit: REELD_TEST_POSTGRES is not set (tests/tools/postgres run bench_audit)\n");
    return 2;
  }
  initCrypto();
  std::string folder = (std::filesystem::temp_directory_path() / "reeld-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    std::perror("bench_audit: a temporary folder");
    return 2;
  }
  bool passes = true;
  {
    TrailHost trail({.url = "sqlite:core.db", .data_dir = folder}, folder);
    passes = compare("SQLite", true, trail,
                     [&] { return bareIntoSqlite(folder + "/bare.db", Records); });
  }
  {
    dropSchema(url);
    TrailHost trail({.url = url, .data_dir = folder}, folder);
    passes = compare("PostgreSQL", false, trail, [&] { return bareIntoPostgres(url, Records); }) &&
             passes;
  }
  dropSchema(url);
  std::filesystem::remove_all(folder);
  return passes ? 0 : 1;
}
