#include "processing/job_repository.h"

#include "base/crypto.h"
#include "base/error.h"
#include "processing/job_kinds.h"

#include <algorithm>

namespace reeld::processing {

namespace {

const std::string Columns =
    "id, kind, args, video_id, state, priority, run_at, attempt, max_attempts, crashes, "
    "lease_token, "
    "locked_by, cancel_asked, progress_permille, last_error, created_at, finished_at, encoding_id, "
    "losses";

const db::Statement Enqueue{R"(
  INSERT INTO jobs (kind, args, video_id, encoding_id, priority, run_at, max_attempts, unique_key,
                    created_at)
  VALUES ($1, $2, $3, $4, $5, {NOW}, $6, $7, {NOW})
  ON CONFLICT DO NOTHING RETURNING id)"};

const db::Statement Claim(R"(
  UPDATE jobs SET state = 'running', attempt = attempt + 1, locked_by = $1, lease_token = $2,
                  lease_until = {NOW} + $3, progress_permille = 0
  WHERE id = (SELECT id FROM jobs
              WHERE state = 'available' AND kind IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                AND run_at <= {NOW}
              ORDER BY priority, run_at, id LIMIT 1 {SKIP LOCKED})
  RETURNING )" + Columns);

const db::Statement NextDue{R"(
  SELECT MIN(run_at) - {NOW} FROM jobs
  WHERE state = 'available' AND kind IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))"};

const db::Statement Beat{R"(
  UPDATE jobs SET lease_until = {NOW} + $1 WHERE id = $2 AND lease_token = $3
  RETURNING cancel_asked)"};

// Changes nothing; locks the row until the transaction ends.
const db::Statement Touch{"UPDATE jobs SET attempt = attempt WHERE id = $1 AND lease_token = $2"};

const db::Statement Progress{R"(
  UPDATE jobs SET progress_permille = $1 WHERE id = $2 AND lease_token = $3)"};

const db::Statement RestartTries{R"(
  UPDATE jobs SET attempt = 1, losses = 0 WHERE id = $1 AND lease_token = $2)"};

const db::Statement CountMade{R"(
  UPDATE jobs SET made = made + 1, made_at = {NOW} WHERE id = $1 AND lease_token = $2)"};

const db::Statement Complete{R"(
  UPDATE jobs SET state = 'completed', lease_token = NULL, lease_until = NULL, progress_permille = 1000,
                  last_error = NULL, finished_at = {NOW}, result = $1
  WHERE id = $2 AND lease_token = $3)"};

const db::Statement RetryLater{R"(
  UPDATE jobs SET state = 'available', lease_token = NULL, lease_until = NULL, locked_by = NULL,
                  run_at = {NOW} + $1, crashes = crashes + $2, attempt = attempt - $3, last_error = $4
  WHERE id = $5 AND lease_token = $6)"};

const db::Statement Discard{R"(
  UPDATE jobs SET state = 'discarded', lease_token = NULL, lease_until = NULL,
                  crashes = crashes + $1, last_error = $2, finished_at = {NOW}
  WHERE id = $3 AND lease_token = $4)"};

const db::Statement Release{R"(
  UPDATE jobs SET state = 'available', lease_token = NULL, lease_until = NULL, locked_by = NULL,
                  attempt = attempt - 1, run_at = {NOW}
  WHERE id = $1 AND lease_token = $2)"};

const db::Statement EndCancelled{R"(
  UPDATE jobs SET state = 'cancelled', lease_token = NULL, lease_until = NULL, finished_at = {NOW}
  WHERE id = $1 AND lease_token = $2)"};

const db::Statement CancelWaiting{R"(
  UPDATE jobs SET state = 'cancelled', cancel_asked = 1, finished_at = {NOW}
  WHERE id = $1 AND state = 'available')"};

const db::Statement AskCancel{R"(
  UPDATE jobs SET cancel_asked = 1 WHERE id = $1 AND state = 'running')"};

const db::Statement Requeue{R"(
  UPDATE jobs SET state = 'available', attempt = 0, crashes = 0, losses = 0, cancel_asked = 0,
                  run_at = {NOW}, finished_at = NULL, progress_permille = 0
  WHERE id = $1 AND state = 'discarded')"};

// What a lost lease leaves. One statement, so that of two reapers each row meets one. The loss is
// no try: whoever stops a machine five times in a row has said nothing about the job. It goes on at
// once, then after 0.5, 4, 14, 32 s and so on, so that one which kills its daemon by what it needs
// does not keep it from serving; after the tenth, a quarter of an hour later, it is given up.
const std::string Reap = R"(
  UPDATE jobs SET
    state = CASE WHEN cancel_asked = 1 THEN 'cancelled'
                 WHEN losses >= 9 THEN 'discarded' ELSE 'available' END,
    finished_at = CASE WHEN cancel_asked = 1 OR losses >= 9 THEN {NOW} END,
    attempt = attempt - 1, losses = losses + 1, run_at = {NOW} + 500 * losses * losses * losses,
    lease_token = NULL, lease_until = NULL, locked_by = NULL,
    last_error = 'the daemon that ran it was gone'
  WHERE state = 'running' AND )";

const db::Statement ReapExpired(Reap + "lease_until < {NOW} RETURNING " + Columns);
const db::Statement ReapAll(Reap + "attempt >= 0 RETURNING " + Columns);
const db::Statement ReapNode(Reap + "locked_by = $1 RETURNING " + Columns);

const std::string SelectJobs = "SELECT " + Columns + " FROM jobs ";
const db::Statement FindJob(SelectJobs + "WHERE id = $1");
const db::Statement NewestOf(SelectJobs +
                             "WHERE video_id = $1 AND kind <> $2 ORDER BY id DESC LIMIT 1");
const db::Statement OpenOf{R"(
  SELECT id FROM jobs WHERE video_id = $1 AND state IN ('available', 'running') ORDER BY id)"};
const db::Statement ListAll(SelectJobs + "ORDER BY id DESC LIMIT $1 OFFSET $2");
const db::Statement ListState(SelectJobs + "WHERE state = $1 ORDER BY id DESC LIMIT $2 OFFSET $3");

const db::Statement CountBacklog{
    "SELECT kind, CAST(SUM(CASE WHEN state = 'available' THEN 1 ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN state = 'discarded' THEN 1 ELSE 0 END) AS BIGINT) "
    "FROM jobs GROUP BY kind ORDER BY kind"};

const db::Statement Count{"SELECT state, COUNT(*) FROM jobs GROUP BY state ORDER BY state"};

Job toJob(const db::Row& row) {
  Job job;
  job.id = row.integer(0);
  job.kind = row.text(1);
  job.args = row.text(2);
  job.video_id = row.maybeInteger(3);
  const auto state = parseJobState(row.text(4));
  if (!state) {
    throw Error(ErrorCode::Corrupt, "job " + std::to_string(job.id) + " has no known state");
  }
  job.state = *state;
  job.priority = static_cast<int>(row.integer(5));
  job.run_at = row.integer(6);
  job.attempt = static_cast<int>(row.integer(7));
  job.max_attempts = static_cast<int>(row.integer(8));
  job.crashes = static_cast<int>(row.integer(9));
  job.lease_token = row.maybeText(10).value_or("");
  job.locked_by = row.maybeText(11).value_or("");
  job.cancel_asked = row.flag(12);
  job.progress_permille = static_cast<int>(row.integer(13));
  job.last_error = row.maybeText(14).value_or("");
  job.created_at = row.integer(15);
  job.finished_at = row.maybeInteger(16);
  job.encoding_id = row.maybeInteger(17);
  job.losses = static_cast<int>(row.integer(18));
  return job;
}

/// The statements name ten: what is missing is said twice.
const std::string& at(const Kinds& kinds, std::size_t i) {
  return kinds.at(std::min(i, kinds.size() - 1));
}

void requireNamed(const Kinds& kinds) {
  constexpr std::size_t Most = 10;
  if (kinds.empty() || kinds.size() > Most) {
    throw Error(ErrorCode::Internal, "a job is asked for of " + std::to_string(kinds.size()) +
                                         " kinds, not of one to ten");
  }
}

std::vector<Job> toJobs(const db::Rows& rows) {
  std::vector<Job> jobs;
  for (const db::Row& row : rows) {
    jobs.push_back(toJob(row));
  }
  return jobs;
}

std::optional<Job> toJob(const std::optional<db::Row>& row) {
  return row ? std::optional(toJob(*row)) : std::nullopt;
}

}  // namespace

std::optional<JobId> enqueueJob(db::Session& session, const NewJob& job) {
  const auto row = session.find(Enqueue, job.kind, job.args, job.video_id, job.encoding_id,
                                job.priority, job.max_attempts, job.unique_key);
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

std::optional<Job> claimJob(db::Session& session, const Kinds& kinds, const std::string& node,
                            std::int64_t lease_ms) {
  requireNamed(kinds);
  return toJob(session.find(Claim, node, randomToken(12), lease_ms, at(kinds, 0), at(kinds, 1),
                            at(kinds, 2), at(kinds, 3), at(kinds, 4), at(kinds, 5), at(kinds, 6),
                            at(kinds, 7), at(kinds, 8), at(kinds, 9)));
}

std::optional<std::int64_t> nextDueIn(db::Session& session, const Kinds& kinds) {
  requireNamed(kinds);
  const auto ms =
      session
          .find(NextDue, at(kinds, 0), at(kinds, 1), at(kinds, 2), at(kinds, 3), at(kinds, 4),
                at(kinds, 5), at(kinds, 6), at(kinds, 7), at(kinds, 8), at(kinds, 9))
          ->maybeInteger(0);
  return ms ? std::optional(std::max<std::int64_t>(0, *ms)) : std::nullopt;
}

LeaseState heartbeat(db::Session& session, const Lease& lease, std::int64_t lease_ms) {
  const auto row = session.find(Beat, lease_ms, lease.job, lease.token);
  if (!row) {
    return LeaseState::Lost;
  }
  return row->flag(0) ? LeaseState::CancelAsked : LeaseState::Held;
}

void fence(db::Session& session, const Lease& lease) {
  if (session.execute(Touch, lease.job, lease.token) != 1) {
    throw Error(ErrorCode::Cancelled, "job " + std::to_string(lease.job) + " was taken over")
        .reason("fenced");
  }
}

void restartTries(db::Session& session, const Lease& lease) {
  session.execute(RestartTries, lease.job, lease.token);
}

void countMade(db::Session& session, const Lease& lease) {
  session.execute(CountMade, lease.job, lease.token);
}

bool setProgress(db::Session& session, const Lease& lease, int permille) {
  return session.execute(Progress, permille, lease.job, lease.token) == 1;
}

bool completeJob(db::Session& session, const Lease& lease,
                 const std::optional<std::string>& result) {
  return session.execute(Complete, result, lease.job, lease.token) == 1;
}

bool retryJobLater(db::Session& session, const Lease& lease, const FailureVerdict& verdict,
                   const std::string& error) {
  return session.execute(RetryLater, verdict.delay_ms, verdict.crashed, !verdict.costs_try, error,
                         lease.job, lease.token) == 1;
}

bool discardJob(db::Session& session, const Lease& lease, bool crashed, const std::string& error) {
  return session.execute(Discard, crashed, error, lease.job, lease.token) == 1;
}

bool releaseJob(db::Session& session, const Lease& lease) {
  return session.execute(Release, lease.job, lease.token) == 1;
}

bool endCancelledJob(db::Session& session, const Lease& lease) {
  return session.execute(EndCancelled, lease.job, lease.token) == 1;
}

bool cancelJob(db::Session& session, JobId id) {
  return session.execute(CancelWaiting, id) == 1 || session.execute(AskCancel, id) == 1;
}

bool requeueJob(db::Session& session, JobId id) { return session.execute(Requeue, id) == 1; }

std::vector<Job> reapExpired(db::Session& session) { return toJobs(session.query(ReapExpired)); }

std::vector<Job> reapOrphans(db::Session& session, const std::string& node) {
  return toJobs(session.dialect() == db::Dialect::Sqlite ? session.query(ReapAll)
                                                         : session.query(ReapNode, node));
}

std::optional<Job> findJob(db::Session& session, JobId id) {
  return toJob(session.find(FindJob, id));
}

std::vector<JobId> openJobsOf(db::Session& session, std::int64_t video_id) {
  std::vector<JobId> ids;
  for (const db::Row& row : session.query(OpenOf, video_id)) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

std::optional<Job> newestJobOf(db::Session& session, std::int64_t video_id) {
  return toJob(session.find(NewestOf, video_id, StoryboardKind));
}

std::vector<Job> listJobs(db::Session& session, std::optional<JobState> state, std::int64_t skip,
                          std::int64_t limit) {
  return toJobs(state ? session.query(ListState, word(*state), limit, skip)
                      : session.query(ListAll, limit, skip));
}

std::vector<std::pair<JobState, std::int64_t>> countJobs(db::Session& session) {
  std::vector<std::pair<JobState, std::int64_t>> counts;
  for (const db::Row& row : session.query(Count)) {
    if (const auto state = parseJobState(row.text(0))) {
      counts.emplace_back(*state, row.integer(1));
    }
  }
  return counts;
}

std::vector<Backlog> backlogs(db::Session& session) {
  std::vector<Backlog> kinds;
  for (const db::Row& row : session.query(CountBacklog)) {
    kinds.push_back({row.text(0), row.integer(1), row.integer(2), row.integer(3)});
  }
  return kinds;
}

}  // namespace reeld::processing
