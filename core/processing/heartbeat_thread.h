// Keeps a running job's lease while this lives, and tells the job when it is cancelled or its lease
// lost. A thread per job, because a beat must not wait for another job's database call.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "processing/job_context.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace reeld::processing {

class HeartbeatThread {
 public:
  HeartbeatThread(JobContext& context, db::Database& database, const Clock& clock, const Log& log,
                  std::int64_t lease_ms);
  ~HeartbeatThread();
  HeartbeatThread(const HeartbeatThread&) = delete;
  HeartbeatThread& operator=(const HeartbeatThread&) = delete;

 private:
  void run();
  void beat();

  JobContext& context_;
  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  std::int64_t lease_ms_;
  std::int64_t held_at_;  ///< of the last beat that worked, monotonic
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace reeld::processing
