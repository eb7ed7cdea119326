#include "processing/job.h"

#include <algorithm>
#include <array>

namespace reeld::processing {

namespace {

struct JobWord {
  JobState state;
  std::string_view text;
};
constexpr std::array<JobWord, 5> JobWords = {{{JobState::Available, "available"},
                                              {JobState::Running, "running"},
                                              {JobState::Completed, "completed"},
                                              {JobState::Discarded, "discarded"},
                                              {JobState::Cancelled, "cancelled"}}};

struct Transition {
  JobState from;
  JobEvent event;
  JobState to;
};
// An expired lease goes to Discarded or Cancelled by the job's tries and wishes; the reaper's SQL
// says so.
constexpr std::array<Transition, 9> Transitions = {{
    {JobState::Available, JobEvent::Claim, JobState::Running},
    {JobState::Available, JobEvent::Cancel, JobState::Cancelled},
    {JobState::Running, JobEvent::Complete, JobState::Completed},
    {JobState::Running, JobEvent::Retry, JobState::Available},
    {JobState::Running, JobEvent::Release, JobState::Available},
    {JobState::Running, JobEvent::Expire, JobState::Available},
    {JobState::Running, JobEvent::Discard, JobState::Discarded},
    {JobState::Running, JobEvent::Cancel, JobState::Cancelled},
    {JobState::Discarded, JobEvent::Requeue, JobState::Available},
}};

constexpr int PoisonCrashes = 2;
constexpr std::int64_t CrashRetryMs = 1000;
constexpr std::int64_t FullDiskFirstMs = 10'000;
constexpr std::int64_t FullDiskLastMs = 600'000;

bool comesAgain(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::Invalid:
    case ErrorCode::NotFound:
    case ErrorCode::Denied:
    case ErrorCode::Unsupported:
    case ErrorCode::Corrupt:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string_view word(JobState state) noexcept {
  return JobWords[static_cast<std::size_t>(state)].text;
}

std::optional<JobState> parseJobState(std::string_view text) noexcept {
  for (const JobWord& one : JobWords) {
    if (one.text == text) {
      return one.state;
    }
  }
  return std::nullopt;
}

std::optional<JobState> next(JobState from, JobEvent event) noexcept {
  for (const Transition& one : Transitions) {
    if (one.from == from && one.event == event) {
      return one.to;
    }
  }
  return std::nullopt;
}

std::int64_t backoffMs(int attempt, double jitter) noexcept {
  const int doublings = std::clamp(attempt - 1, 0, 10);
  const std::int64_t seconds = std::min<std::int64_t>(3600, std::int64_t{10} << doublings);
  return static_cast<std::int64_t>(static_cast<double>(seconds * 1000) * (1 + 0.2 * jitter));
}

FailureVerdict judgeFailure(const Job& job, const Error& error, EpochMs now,
                            double jitter) noexcept {
  FailureVerdict verdict;
  // A hang counts like a crash: the same source would most likely hang again, a minute each time.
  verdict.crashed = error.reason() == "crashed" || error.reason() == "hung";
  if (verdict.crashed) {
    // The backoff is for what may pass outside; a crash is tried once more, soon.
    verdict.give_up = job.crashes + 1 >= PoisonCrashes || job.attempt >= job.max_attempts;
    verdict.delay_ms = CrashRetryMs;
    return verdict;
  }
  if (error.code() == ErrorCode::Exhausted && error.reason() == "storage-full") {
    verdict.costs_try = false;
    verdict.delay_ms = std::clamp((now - job.created_at) / 10, FullDiskFirstMs, FullDiskLastMs);
    return verdict;
  }
  verdict.give_up = comesAgain(error.code()) || job.attempt >= job.max_attempts;
  verdict.delay_ms = std::max<std::int64_t>(error.retryAfterMs(), backoffMs(job.attempt, jitter));
  return verdict;
}

}  // namespace reeld::processing
