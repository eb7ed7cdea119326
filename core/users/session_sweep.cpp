#include "users/session_sweep.h"

#include "users/session_repository.h"

namespace reeld::users {

namespace {
constexpr auto Often = std::chrono::hours(1);
// In pieces: whoever signs in meanwhile waits for one of them and not for all.
constexpr std::int64_t AtOnce = 500;
}  // namespace

SessionSweep::SessionSweep(db::Database& database, const Clock& clock, const Log& log)
    : database_(database), clock_(clock), log_(log) {}

SessionSweep::~SessionSweep() { stop(); }

void SessionSweep::start() {
  thread_ = std::thread([this] { loop(); });
}

void SessionSweep::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

bool SessionSweep::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void SessionSweep::run() {
  std::int64_t gone = AtOnce;
  while (gone == AtOnce && !stopping()) {
    gone = database_.transact([&](db::Session& session) {
      return pruneSessions(session, clock_.now() - KeptMs, AtOnce);
    });
  }
}

void SessionSweep::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      if (const auto lead = database_.tryLead("sessions")) {
        run();
      }
    } catch (const std::exception& error) {
      log_.warning("cannot clear away sessions that are over", {{"error", error.what()}});
    }
    lock.lock();
    changed_.wait_for(lock, Often, [this] { return stopping_; });
  }
}

}  // namespace reeld::users
