// The life of a job as a table, and what a failure means for it.
#include "processing/job.h"

#include "catch.h"

using namespace reeld;
using namespace reeld::processing;

TEST_CASE("a job moves along the table and nowhere else") {
  constexpr JobState States[] = {JobState::Available, JobState::Running, JobState::Completed,
                                 JobState::Discarded, JobState::Cancelled};
  constexpr JobEvent Events[] = {JobEvent::Claim,   JobEvent::Complete, JobEvent::Retry,
                                 JobEvent::Discard, JobEvent::Release,  JobEvent::Expire,
                                 JobEvent::Cancel,  JobEvent::Requeue};
  CHECK(next(JobState::Available, JobEvent::Claim) == JobState::Running);
  CHECK(next(JobState::Running, JobEvent::Complete) == JobState::Completed);
  CHECK(next(JobState::Running, JobEvent::Expire) == JobState::Available);
  CHECK(next(JobState::Discarded, JobEvent::Requeue) == JobState::Available);
  int edges = 0;
  for (const JobState state : States) {
    for (const JobEvent event : Events) {
      edges += next(state, event) ? 1 : 0;
      if (state == JobState::Completed || state == JobState::Cancelled) {
        CHECK_FALSE(next(state, event));
      }
    }
  }
  CHECK(edges == 9);
}

TEST_CASE("the words of the states are read back") {
  for (const char* text : {"available", "running", "completed", "discarded", "cancelled"}) {
    CHECK(word(*parseJobState(text)) == text);
  }
  CHECK_FALSE(parseJobState("done"));
}

TEST_CASE("the wait before the next try doubles up to an hour, give or take a fifth") {
  CHECK(backoffMs(1, 0) == 10'000);
  CHECK(backoffMs(2, 0) == 20'000);
  CHECK(backoffMs(5, 0) == 160'000);
  CHECK(backoffMs(20, 0) == 3'600'000);
  CHECK(backoffMs(1, 1) == 12'000);
  CHECK(backoffMs(1, -1) == 8'000);
  CHECK(backoffMs(0, 0) == 10'000);
}

TEST_CASE("what would come again is not tried again") {
  Job job;
  job.attempt = 1;
  for (const ErrorCode code : {ErrorCode::Invalid, ErrorCode::Corrupt, ErrorCode::Unsupported,
                               ErrorCode::NotFound, ErrorCode::Denied}) {
    CHECK(judgeFailure(job, Error(code, "no"), 0, 0).give_up);
  }
  for (const ErrorCode code :
       {ErrorCode::Unavailable, ErrorCode::Exhausted, ErrorCode::Internal, ErrorCode::Timeout}) {
    CHECK_FALSE(judgeFailure(job, Error(code, "no"), 0, 0).give_up);
    CHECK(judgeFailure(job, Error(code, "no"), 0, 0).delay_ms == 10'000);
  }
}

TEST_CASE("a crash is tried once more, a second one is poison") {
  Job job;
  job.attempt = 1;
  const Error crash = Error(ErrorCode::Corrupt, "the encoder crashed").reason("crashed");
  CHECK_FALSE(judgeFailure(job, crash, 0, 0).give_up);
  CHECK(judgeFailure(job, crash, 0, 0).crashed);
  job.attempt = 2;
  job.crashes = 1;
  CHECK(judgeFailure(job, crash, 0, 0).give_up);
  CHECK(judgeFailure(job, Error(ErrorCode::Timeout, "hung").reason("hung"), 0, 0).give_up);
}

TEST_CASE("tries are limited, and a wished delay is kept") {
  Job job;
  job.attempt = 5;
  CHECK(judgeFailure(job, Error(ErrorCode::Unavailable, "no"), 0, 0).give_up);
  job.attempt = 1;
  CHECK(judgeFailure(job, Error(ErrorCode::Unavailable, "no").retryAfter(60'000), 0, 0).delay_ms ==
        60'000);
}

TEST_CASE("a full disk costs no try and ends no job") {
  Job job;
  job.attempt = job.max_attempts;
  const Error full = Error(ErrorCode::Exhausted, "no space left").reason("storage-full");
  CHECK_FALSE(judgeFailure(job, full, 0, 0).give_up);
  CHECK_FALSE(judgeFailure(job, full, 0, 0).costs_try);
  CHECK(judgeFailure(job, full, 0, 0).delay_ms == 10'000);
  CHECK(judgeFailure(job, full, 3'600'000, 0).delay_ms == 360'000);
  CHECK(judgeFailure(job, full, 86'400'000, 0).delay_ms == 600'000);
  CHECK(judgeFailure(job, Error(ErrorCode::Exhausted, "out of memory"), 0, 0).give_up);
}
