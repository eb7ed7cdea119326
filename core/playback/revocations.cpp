#include "playback/revocations.h"

#include "base/error.h"

namespace reeld::playback {

namespace {

const db::Statement All{R"(
  SELECT user_id, session_id, video_id, revoked_at, expires_at FROM revocations
  WHERE expires_at > {NOW} ORDER BY id)"};

// A minute, not half a second: a transaction may commit long after it has read the clock.
const db::Statement Recent{R"(
  SELECT user_id, session_id, video_id, revoked_at, expires_at FROM revocations
  WHERE revoked_at > {NOW} - 60000 ORDER BY id)"};

const db::Statement DeleteExpired{"DELETE FROM revocations WHERE expires_at <= {NOW}"};

constexpr int PollsPerCleaning = 1200;  // ten minutes

RevocationKey keyOf(const db::Row& row) {
  // A session stands for itself, whoever's it is.
  if (const auto session = row.maybeText(1)) {
    return {0, 0, sessionFingerprint(*session)};
  }
  return {row.maybeInteger(0).value_or(0), row.maybeInteger(2).value_or(0), 0};
}

}  // namespace

Revocations::Revocations(db::Database& database, const Clock& clock, const Log& log,
                         Metrics& metrics)
    : database_(database), clock_(clock), log_(log) {
  Gauge& staleness = metrics.gauge("reeld_playback_revocations_staleness_seconds",
                                   "since the revocations were last read");
  metrics.atScrape(
      [this, &staleness] { staleness.set(static_cast<double>(stalenessMs()) / 1000); });
}

Revocations::~Revocations() { stop(); }

void Revocations::start() {
  load();
  thread_ = std::thread([this] { run(); });
}

void Revocations::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::int64_t Revocations::stalenessMs() const noexcept {
  return read_at_ == 0 ? 0 : clock_.monotonicMs() - read_at_;
}

void Revocations::load() {
  const std::int64_t now = clock_.monotonicMs();
  take(database_.readOne([](db::Session& session) { return session.query(All); }), true);
  read_at_ = now;
}

void Revocations::refresh() {
  const std::int64_t now = clock_.monotonicMs();
  take(database_.readOne([](db::Session& session) { return session.query(Recent); }), false);
  read_at_ = now;
}

void Revocations::take(const db::Rows& rows, bool anew) {
  const std::lock_guard lock(writing_);
  bool has_changed = anew;
  if (anew) {
    known_.clear();
  }
  for (const db::Row& row : rows) {
    RevokedUntil& known = known_[keyOf(row)];
    if (row.integer(3) > known.revoked_at) {
      known.revoked_at = row.integer(3);
      has_changed = true;
    }
    known.expires_at = std::max(known.expires_at, row.integer(4));
  }
  if (has_changed) {
    table_.replace(known_);
  }
}

void Revocations::dropExpired() {
  load();  // first: what follows is a write, and a full disk must not keep anything unread
  database_.transact([](db::Session& session) { session.execute(DeleteExpired); });
}

void Revocations::run() {
  int polls = 0;
  std::unique_lock lock(mutex_);
  while (
      !changed_.wait_for(lock, std::chrono::milliseconds(PollMs), [this] { return stopping_; })) {
    lock.unlock();
    try {
      if (++polls % PollsPerCleaning == 0) {
        dropExpired();
      } else {
        refresh();
      }
    } catch (const std::exception& error) {
      log_.warning("the revocations wait for the database; grants are served as known",
                   {{"error", error.what()}});
    }
    lock.lock();
  }
}

}  // namespace reeld::playback
