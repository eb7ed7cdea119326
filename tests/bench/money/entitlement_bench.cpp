// May this person play this paid video? The whole decision (subscription, then purchase) in one
// transaction, for buyers and for others, among ten thousand orders and among a million (two
// hundred thousand unless REELD_TEST_LONG is set), in turn in one process. Gated are the CPU time
// of this thread per decision among the many (60 us), which on SQLite is the database's as well,
// and what it costs there against ten thousand (1.3). No processor sleeps meanwhile: to wake one of
// a virtual machine costs whoever sends to the server 40 us, on an idle machine alone, and says
// nothing of the decision. Needs REELD_TEST_POSTGRES: "tests/tools/postgres run
// build/release/tests/bench_entitlement".
#include "base/crypto.h"
#include "bench/thorough.h"
#include "billing/purchased_videos.h"
#include "billing/subscribed_videos.h"
#include "db/database.h"
#include "db/migrate.h"

#include <libpq-fe.h>

#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace reeld;

constexpr int Pairs = 7;
constexpr int Decisions = 4000;
constexpr std::int64_t Few = 10'000;
constexpr std::int64_t Videos = 1000;
constexpr double MostUs = 60;
constexpr double MostRatio = 1.3;
/// A run fails beyond so many times the target.
constexpr double Patience = 1.5;

/// As many as are promised; a fifth of them in every day's run.
std::int64_t manyOrders() { return test::isThorough() ? 1'000'000 : 200'000; }

/// Keeps each processor busy with what gives way to nearly everything. (SCHED_IDLE counts as idle.)
class Awake {
 public:
  Awake() {
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i) {
      threads_.emplace_back([](const std::stop_token& stop) {
        ::setpriority(PRIO_PROCESS, 0, 19);  // of this thread: Linux has it so
        while (!stop.stop_requested()) {
        }
      });
    }
  }

 private:
  std::vector<std::jthread> threads_;
};

double cpuMicroseconds() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  const auto of = [](const timeval& t) { return double(t.tv_sec) * 1e6 + double(t.tv_usec); };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

void onServer(const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      PQconnectdb(std::getenv("REELD_TEST_POSTGRES")), &PQfinish);
  PQclear(PQexec(connection.get(), sql.c_str()));
}

/// A site with so many paid orders: user u has bought ten videos, a thousand users a video.
class Orders {
 public:
  Orders(db::Dialect dialect, std::int64_t count) : users_(count / 10) {
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-bench-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    db::DatabaseOptions options;
    options.data_dir = folder_.string();
    options.url = "sqlite:bench.db";
    if (dialect == db::Dialect::Postgres) {
      schema_ = folder_.filename().string();
      onServer("CREATE SCHEMA \"" + schema_ + "\"");
      const std::string url = std::getenv("REELD_TEST_POSTGRES");
      options.url = url + (url.find('?') == std::string::npos ? "?" : "&") +
                    "options=-csearch_path%3D\\\"" + schema_ + "\\\"";
    }
    database_ = db::Database::open(options, log_, metrics_);
    db::migrate(*database_, db::MigrateMode::Auto, log_);
    database_->changeSchema([&](db::Session& session) { fill(session, count); });
  }
  ~Orders() {
    database_.reset();
    if (!schema_.empty()) {
      onServer("SET client_min_messages = error; DROP SCHEMA \"" + schema_ + "\" CASCADE");
    }
    std::filesystem::remove_all(folder_);
  }
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;

  /// CPU microseconds per decision; every second one is about a video that was bought.
  double cost() {
    const double began = cpuMicroseconds();
    int allowed = 0;
    for (int i = 0; i < Decisions; ++i) {
      const std::int64_t user = 1 + (i * 7919L) % users_;
      catalog::Video video;
      video.is_paid = true;
      video.current_encoding = 1;
      video.id = i % 2 == 0 ? bought(user) : 1 + Videos + i % Videos;
      const users::Viewer viewer{
          .user_id = user, .role = users::Role::Viewer, .session_id = {}, .token_id = {}};
      const auto decision = database_->read([&](db::Session& session) {
        return playback::decideAccess(session, viewer, video, {&subscribed_, &purchased_});
      });
      allowed += decision.verdict == playback::AccessVerdict::Allowed ? 1 : 0;
    }
    if (allowed != Decisions / 2) {
      std::fprintf(stderr, "bench_entitlement: %d of %d were allowed\n", allowed, Decisions);
      std::exit(1);
    }
    return (cpuMicroseconds() - began) / Decisions;
  }

 private:
  static std::int64_t bought(std::int64_t user) { return 1 + (user * 10) % Videos; }

  void fill(db::Session& session, std::int64_t count) const {
    const std::string numbers =
        session.dialect() == db::Dialect::Sqlite
            ? "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < "
            : "WITH s AS (SELECT generate_series(0, -1 + ";
    const std::string end = session.dialect() == db::Dialect::Sqlite ? ") " : ") AS n) ";
    const auto upTo = [&](std::int64_t n) { return numbers + std::to_string(n) + end; };
    session.script(upTo(users_ + 1) +
                   "INSERT INTO users (email, email_key, role, created_at) "
                   "SELECT 'u' || n, 'u' || n, 'VIEWER', 1 FROM s");
    session.script(upTo(count) +
                   "INSERT INTO orders (reference, user_id, video_id, creator_id, title, state, "
                   "price_minor, currency, creator_share_bp, provider, created_at, expires_at, "
                   "paid_at) SELECT 'r' || n, 1 + n / 10, 1 + (n + 10) % " +
                   std::to_string(Videos) +
                   ", 1, 't', 'paid', 999, 'EUR', 8000, 'sandbox', 1, 1, 1 FROM s");
    session.script("ANALYZE");
  }

  std::int64_t users_;
  std::filesystem::path folder_;
  std::string schema_;
  Log log_{LogLevel::Error};
  Metrics metrics_;
  const SystemClock clock_;
  std::unique_ptr<db::Database> database_;
  billing::SubscribedVideos subscribed_{clock_};
  billing::PurchasedVideos purchased_;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool judge(const std::string& name, double value, double target, const char* unit) {
  std::printf("%s: %s: %.2f%s, target %.1f\n", value <= target ? "reached" : "missed", name.c_str(),
              value, unit, target);
  return value <= Patience * target;
}

bool run(db::Dialect dialect, const std::string& name) {
  Orders few(dialect, Few);
  Orders many(dialect, manyOrders());
  few.cost();
  many.cost();
  std::vector<double> costs, ratios;
  for (int pair = 0; pair < Pairs; ++pair) {
    const double base = few.cost();
    costs.push_back(many.cost());
    ratios.push_back(costs.back() / base);
  }
  const bool cost =
      judge("an entitlement decision among " + std::to_string(manyOrders()) + " orders " + name,
            median(costs), MostUs, " us CPU");
  const bool ratio = judge("the same against 10 000 orders " + name, median(ratios), MostRatio, "");
  return cost && ratio;
}

}  // namespace

int main() {
  initCrypto();
  if (std::getenv("REELD_TEST_POSTGRES") == nullptr) {
    std::fprintf(stderr, "bench_entitlement: REELD_TEST_POSTGRES is not set\n");
    return 1;
  }
  const Awake awake;
  const bool sqlite = run(db::Dialect::Sqlite, "on SQLite");
  const bool postgres = run(db::Dialect::Postgres, "on PostgreSQL");
  return sqlite && postgres ? 0 : 1;
}
