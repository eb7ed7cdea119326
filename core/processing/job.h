// A job: durable work as a value, its states as a table, and what a failure means for it. Pure.
#pragma once
#include "base/clock.h"
#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::processing {

using JobId = std::int64_t;

enum class JobState { Available, Running, Completed, Discarded, Cancelled };
enum class JobEvent { Claim, Complete, Retry, Discard, Release, Expire, Cancel, Requeue };

/// "available": the word in the database and in reeldctl.
std::string_view word(JobState state) noexcept;
std::optional<JobState> parseJobState(std::string_view word) noexcept;
/// Nothing if the event does not happen in that state.
std::optional<JobState> next(JobState from, JobEvent event) noexcept;

struct Job {
  JobId id = 0;
  std::string kind;
  std::string args = "{}";  ///< JSON
  std::optional<std::int64_t> video_id;
  std::optional<std::int64_t> encoding_id;  ///< whose part it makes
  JobState state = JobState::Available;
  int priority = 2;  ///< smaller goes first
  EpochMs run_at = 0;
  int attempt = 0;  ///< raised by the claim
  int max_attempts = 5;
  int crashes = 0;
  int losses = 0;  ///< times that its daemon was gone: no tries, but ten in a row end it as well
  std::string lease_token;  ///< while running
  std::string locked_by;
  bool cancel_asked = false;
  int progress_permille = 0;
  std::string last_error;
  EpochMs created_at = 0;
  std::optional<EpochMs> finished_at;
};

/// The right to write for a job. Every write names the token; who finds it gone has been replaced.
struct Lease {
  JobId job = 0;
  std::string token;
};

/// min(3600, 10 x 2^(attempt-1)) seconds, shifted by up to a fifth. `jitter` is in [-1, 1].
std::int64_t backoffMs(int attempt, double jitter) noexcept;

struct FailureVerdict {
  bool give_up = false;
  bool crashed = false;
  bool costs_try = true;      ///< false: this one is not counted
  std::int64_t delay_ms = 0;  ///< before the next try
};

/// Whether a job may be tried again after this error: not after one that would come again (the
/// source is bad, a part is missing), not after its second crash, not beyond its tries. A full disk
/// says nothing about the job: it waits for room, however long that takes.
/// `now`: the longer it has waited, the seldomer it asks.
FailureVerdict judgeFailure(const Job& job, const Error& error, EpochMs now,
                            double jitter) noexcept;

}  // namespace reeld::processing
