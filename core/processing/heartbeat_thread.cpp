#include "processing/heartbeat_thread.h"

#include "base/error.h"
#include "processing/job_repository.h"

namespace reeld::processing {

HeartbeatThread::HeartbeatThread(JobContext& context, db::Database& database, const Clock& clock,
                                 const Log& log, std::int64_t lease_ms)
    : context_(context),
      database_(database),
      clock_(clock),
      log_(log),
      lease_ms_(lease_ms),
      held_at_(clock.monotonicMs()),
      thread_([this] { run(); }) {}

HeartbeatThread::~HeartbeatThread() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void HeartbeatThread::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::milliseconds(lease_ms_ / 4),
                            [this] { return is_over_; })) {
    lock.unlock();
    beat();
    lock.lock();
  }
}

void HeartbeatThread::beat() {
  const std::int64_t now = clock_.monotonicMs();
  try {
    const LeaseState state = database_.transact(
        [&](db::Session& session) { return heartbeat(session, context_.lease(), lease_ms_); });
    if (state == LeaseState::Held) {
      held_at_ = now;
    } else {
      context_.stop(state == LeaseState::Lost ? StopReason::Fenced : StopReason::Asked);
    }
  } catch (const std::exception& error) {
    log_.warning("cannot renew the lease of a job",
                 {{"job", context_.job().id}, {"error", error.what()}});
    // Another daemon may have it by now; whatever this one still does would be refused.
    if (now - held_at_ > lease_ms_) {
      context_.stop(StopReason::Fenced);
    }
  }
}

}  // namespace reeld::processing
