#include "processing/job_runner.h"

#include "base/crypto.h"
#include "processing/heartbeat_thread.h"

#include <algorithm>
#include <array>

namespace reeld::processing {

namespace {

double randomJitter() {
  std::array<std::uint8_t, 2> bytes{};
  randomBytes(bytes);
  return (bytes[0] * 256 + bytes[1]) / 32767.5 - 1;
}

/// Waits the whole time, whatever is enqueued.
constexpr std::uint64_t NoWake = ~std::uint64_t{0};

const std::vector<double> DurationBuckets = {1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200};

}  // namespace

JobRunner::JobRunner(RunnerOptions options, std::vector<JobHandler*> handlers,
                     db::Database& database, const Clock& clock, const Log& log, Metrics& metrics)
    : options_(std::move(options)),
      handlers_(std::move(handlers)),
      database_(database),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      leases_lost_(metrics.counter("reeld_job_lease_lost_total", "jobs another daemon took over")),
      running_jobs_(metrics.gauge("reeld_jobs_running", "jobs under way in this daemon")) {
  for (const JobHandler* handler : handlers_) {
    all_kinds_.push_back(handler->kind());
    if (handler->isLight()) {
      light_kinds_.push_back(handler->kind());
    }
  }
}

JobRunner::~JobRunner() { stop(std::chrono::milliseconds(0)); }

void JobRunner::start() {
  for (JobHandler* handler : handlers_) {
    handler->prepare();
  }
  try {
    takeOver([&](db::Session& session) { return reapOrphans(session, options_.node); });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Exhausted) {
      throw;
    }
    // A disk without room for these few rows stops nobody from playing.
    log_.error("jobs of this daemon's last life wait until their leases run out",
               {{"error", error.what()}});
  }
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { work(all_kinds_); });
  }
  if (options_.threads > 0 && !light_kinds_.empty()) {
    threads_.emplace_back([this] { work(light_kinds_); });
  }
  threads_.emplace_back([this] { keepHouse(); });
}

void JobRunner::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void JobRunner::stopClaiming() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void JobRunner::stop(std::chrono::milliseconds patience) {
  stopClaiming();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [this] { return running_.empty(); });
    for (JobContext* context : running_) {
      context->stop(StopReason::Shutdown);
    }
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

int JobRunner::running() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(running_.size());
}

bool JobRunner::waitFor(std::int64_t ms, std::uint64_t seen) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(ms),
                    [&] { return stopping_ || (seen != NoWake && wakes_ != seen); });
  return !stopping_;
}

std::uint64_t JobRunner::wakes() const {
  const std::lock_guard lock(mutex_);
  return wakes_;
}

bool JobRunner::isClaiming() const {
  const std::lock_guard lock(mutex_);
  return !stopping_;
}

JobHandler* JobRunner::handlerOf(const Job& job) const noexcept {
  const auto found = std::find_if(handlers_.begin(), handlers_.end(),
                                  [&](const JobHandler* one) { return one->kind() == job.kind; });
  return found != handlers_.end() ? *found : nullptr;
}

void JobRunner::work(const Kinds& kinds) {
  std::uint64_t seen = 0;
  std::int64_t pause_ms = options_.poll_ms;
  do {
    // Before the look for a job: one that is enqueued after it wakes this thread again.
    seen = wakes();
    try {
      while (isClaiming() && claimAndRun(kinds)) {
      }
      pause_ms = untilNextLook(wantedOf(kinds));
    } catch (const std::exception& error) {
      pause_ms = options_.poll_ms;
      log_.error("cannot claim a job", {{"error", error.what()}});
    }
  } while (waitFor(pause_ms, seen));
}

std::int64_t JobRunner::untilNextLook(const Kinds& kinds) {
  const auto due_ms =
      database_.readOne([&](db::Session& session) { return nextDueIn(session, kinds); });
  // One that has just become due may be somebody's in this moment: no hurry, no busy loop.
  constexpr std::int64_t Shortest = 20;
  return std::min(std::max(due_ms.value_or(options_.poll_ms), Shortest), options_.poll_ms);
}

void JobRunner::keepHouse() {
  while (waitFor(options_.reap_ms, NoWake)) {
    try {
      reap();
    } catch (const std::exception& error) {
      log_.error("cannot look after the jobs", {{"error", error.what()}});
    }
  }
}

const Kinds& JobRunner::wantedOf(const Kinds& kinds) {
  const bool has_room = !options_.has_room || options_.has_room();
  if (had_room_.exchange(has_room) != has_room) {
    log_.warning(has_room ? "there is room again: encoding goes on"
                          : "encoding waits: the disk is nearly full");
  }
  return has_room || light_kinds_.empty() ? kinds : light_kinds_;
}

bool JobRunner::runOne() { return claimAndRun(all_kinds_); }

bool JobRunner::claimAndRun(const Kinds& kinds) {
  auto job = database_.transact([&](db::Session& session) {
    return claimJob(session, wantedOf(kinds), options_.node, options_.lease_ms);
  });
  if (!job) {
    return false;
  }
  execute(std::move(*job));
  return true;
}

void JobRunner::execute(Job claimed) {
  JobContext context(std::move(claimed), database_, clock_);
  const std::int64_t started = clock_.monotonicMs();
  {
    const std::lock_guard lock(mutex_);
    running_.insert(&context);
    if (stopping_) {
      context.stop(StopReason::Shutdown);
    }
  }
  running_jobs_.add(1);
  log_.info("job started", {{"job", context.job().id},
                            {"kind", context.job().kind},
                            {"attempt", context.job().attempt}});
  std::string outcome = "completed";
  {
    const HeartbeatThread heartbeat(context, database_, clock_, log_, options_.lease_ms);
    try {
      context.checkpoint();
      handlerOf(context.job())->run(context);
    } catch (const Error& error) {
      outcome = settle(context, error);
    } catch (const std::exception& error) {
      outcome = settle(context, Error(ErrorCode::Internal, error.what()));
    }
  }
  const std::int64_t took = clock_.monotonicMs() - started;
  metrics_
      .histogram("reeld_job_duration_seconds", "from claim to end of a job",
                 {{"kind", context.job().kind}, {"outcome", outcome}}, DurationBuckets)
      .observe(static_cast<double>(took) / 1000);
  log_.info("job ended", {{"job", context.job().id}, {"outcome", outcome}, {"ms", took}});
  running_jobs_.add(-1);
  {
    const std::lock_guard lock(mutex_);
    running_.erase(&context);
  }
  changed_.notify_all();
}

std::string JobRunner::settle(JobContext& context, const Error& error) {
  const Job& job = context.job();
  const Lease& lease = context.lease();
  if (context.stopReason() == StopReason::Fenced || error.reason() == "fenced") {
    leases_lost_.add();
    log_.warning("a job was taken over by another daemon", {{"job", job.id}});
    return "fenced";
  }
  const FailureVerdict verdict = judgeFailure(job, error, clock_.now(), randomJitter());
  try {
    return database_.transact([&](db::Session& session) -> std::string {
      if (context.stopReason() == StopReason::Shutdown) {
        return releaseJob(session, lease) ? "released" : "fenced";
      }
      if (context.stopReason() == StopReason::Asked) {
        if (!endCancelledJob(session, lease)) {
          return "fenced";
        }
        handlerOf(job)->giveUp(session, job, context.stage(), error);
        return "cancelled";
      }
      if (!verdict.give_up) {
        return retryJobLater(session, lease, verdict, error.what()) ? "retried" : "fenced";
      }
      if (!discardJob(session, lease, verdict.crashed, error.what())) {
        return "fenced";
      }
      handlerOf(job)->giveUp(session, job, context.stage(), error);
      return "discarded";
    });
  } catch (const std::exception& problem) {
    // The lease runs out, and the job is taken up again.
    log_.error("cannot settle a job",
               {{"job", job.id}, {"cause", error.what()}, {"error", problem.what()}});
    return "unsettled";
  }
}

void JobRunner::reap() { takeOver(reapExpired); }

void JobRunner::takeOver(const std::function<std::vector<Job>(db::Session&)>& find) {
  const std::vector<Job> jobs = database_.transact([&](db::Session& session) {
    std::vector<Job> found = find(session);
    for (const Job& job : found) {
      JobHandler* handler = handlerOf(job);
      if (job.state != JobState::Available && handler != nullptr) {
        handler->giveUp(session, job, "", Error(ErrorCode::Internal, job.last_error));
      }
    }
    return found;
  });
  for (const Job& job : jobs) {
    log_.warning("a job's daemon was gone",
                 {{"job", job.id}, {"losses", job.losses}, {"state", word(job.state)}});
  }
  if (!jobs.empty()) {
    wake();
  }
}

}  // namespace reeld::processing
