// One running job, as its handler, its heartbeat and the runner see it.
#pragma once
#include "base/clock.h"
#include "db/database.h"
#include "processing/job.h"

#include <atomic>
#include <string>

namespace reeld::processing {

/// Why a job should stop before its end. Fenced: another daemon has it. Asked: somebody cancelled
/// it. Shutdown: this daemon ends, the job goes on elsewhere or later.
enum class StopReason { None, Fenced, Asked, Shutdown };

class JobContext {
 public:
  JobContext(Job job, db::Database& database, const Clock& clock)
      : job_(std::move(job)),
        lease_{job_.id, job_.lease_token},
        database_(database),
        clock_(clock) {}

  const Job& job() const noexcept { return job_; }
  const Lease& lease() const noexcept { return lease_; }

  /// Any thread; the first reason stays.
  void stop(StopReason reason) noexcept;
  StopReason stopReason() const noexcept { return stop_reason_; }
  const std::atomic<bool>& cancelled() const noexcept { return cancelled_; }
  /// Throws Error CANCELLED when the job should stop.
  void checkpoint() const;

  /// The stage a failure belongs to: probe, encode, verify, publish. The job's own thread.
  void enter(std::string stage) { stage_ = std::move(stage); }
  const std::string& stage() const noexcept { return stage_; }

  /// It came further than any try before it (restartTries()): a failure is judged as a first one.
  void restartedTries() noexcept {
    job_.attempt = 1;
    job_.losses = 0;
  }

  /// Writes it at most once a second. The job's own thread.
  void progress(int permille);

 private:
  Job job_;
  Lease lease_;
  db::Database& database_;
  const Clock& clock_;
  std::atomic<bool> cancelled_{false};
  std::atomic<StopReason> stop_reason_{StopReason::None};
  std::string stage_ = "probe";
  std::int64_t progress_written_ = 0;
};

}  // namespace reeld::processing
