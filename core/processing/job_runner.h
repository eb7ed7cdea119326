// Runs jobs: N threads that claim one at a time, one more for light ones, and one that takes over
// the leases that ran out.
// Whatever a job throws is settled here: tried again, given up, released at shutdown, or dropped
// when the lease is lost. One of the four places that catch.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/database.h"
#include "processing/job_handler.h"
#include "processing/job_repository.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace reeld::processing {

struct RunnerOptions {
  int threads = 1;   ///< 0: claims nothing, and still looks after leases
  std::string node;  ///< this daemon's name among those that share the database
  std::int64_t lease_ms = LeaseMs;
  std::int64_t poll_ms = 5'000;  ///< for jobs other daemons enqueued; own ones wake()
  std::int64_t reap_ms = 15'000;
  /// Whether the disk has room for what jobs that are not light make; they wait while it has none.
  std::function<bool()> has_room = {};
};

class JobRunner {
 public:
  /// Everything outlives this. At most eight handlers, each of a kind of its own.
  JobRunner(RunnerOptions options, std::vector<JobHandler*> handlers, db::Database& database,
            const Clock& clock, const Log& log, Metrics& metrics);
  ~JobRunner();  ///< stops at once, if it still runs
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

  /// Clears up after this daemon's last life, takes back what it ran, then starts the threads.
  /// Once.
  void start();
  /// Any thread, never blocks.
  void wake();
  /// No further claims. Never blocks.
  void stopClaiming();
  /// Waits up to the time for running jobs, then ends and releases them. After it no thread runs.
  void stop(std::chrono::milliseconds patience);

  int running() const;

  /// Claims and runs one job on this thread; false if none is due. For tests and tools.
  bool runOne();
  /// Settles leases that ran out, once.
  void reap();

 private:
  void work(const Kinds& kinds);
  bool claimAndRun(const Kinds& kinds);
  JobHandler* handlerOf(const Job& job) const noexcept;
  void keepHouse();
  void execute(Job job);
  std::string settle(JobContext& context, const Error& error);
  void takeOver(const std::function<std::vector<Job>(db::Session&)>& find);
  bool isClaiming() const;
  /// Until the time is over, a wake-up after `seen`, or the end; false at the end.
  bool waitFor(std::int64_t ms, std::uint64_t seen);
  std::uint64_t wakes() const;
  std::int64_t untilNextLook(const Kinds& kinds);
  /// Of these kinds those that may be claimed now.
  const Kinds& wantedOf(const Kinds& kinds);

  RunnerOptions options_;
  std::vector<JobHandler*> handlers_;
  Kinds all_kinds_;
  Kinds light_kinds_;
  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  Metrics& metrics_;
  Counter& leases_lost_;
  Gauge& running_jobs_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<JobContext*> running_;
  std::uint64_t wakes_ = 0;
  bool stopping_ = false;
  std::atomic<bool> had_room_{true};
  std::vector<std::thread> threads_;
};

}  // namespace reeld::processing
