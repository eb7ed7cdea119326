// Jobs as rows. Changes that belong to another change run in the session they are given; every
// write of a running job names its lease token and says by its result whether the lease was still
// there. All times are the database's, and the interface is the same on both engines.
#pragma once
#include "db/database.h"
#include "processing/job.h"

#include <optional>
#include <utility>
#include <vector>

namespace reeld::processing {

inline constexpr std::int64_t LeaseMs = 60'000;

struct NewJob {
  std::string kind;
  std::string args = "{}";
  std::optional<std::int64_t> video_id;
  std::optional<std::int64_t> encoding_id;  ///< whose part it makes
  int priority = 2;
  int max_attempts = 5;
  std::optional<std::string> unique_key;  ///< among the available and running ones of its kind
};

/// Nothing if a job with its kind and key waits or runs already.
std::optional<JobId> enqueueJob(db::Session& session, const NewJob& job);

/// One to ten kinds of jobs; more are refused as INTERNAL.
using Kinds = std::vector<std::string>;

/// The next job of these kinds that is due, under a new lease for this daemon.
std::optional<Job> claimJob(db::Session& session, const Kinds& kinds, const std::string& node,
                            std::int64_t lease_ms = LeaseMs);

/// Milliseconds until the next available job of these kinds is due, at least 0; nothing if there is
/// none.
std::optional<std::int64_t> nextDueIn(db::Session& session, const Kinds& kinds);

enum class LeaseState { Held, CancelAsked, Lost };
/// Extends the lease.
LeaseState heartbeat(db::Session& session, const Lease& lease, std::int64_t lease_ms = LeaseMs);
/// Throws Error CANCELLED (reason fenced) if the lease is lost. Locks the job's row, so that
/// whoever would take it over waits for this transaction: the first statement of every write a job
/// makes.
void fence(db::Session& session, const Lease& lease);
/// It came further than any try before it: the tries are counted from here on.
void restartTries(db::Session& session, const Lease& lease);
/// It has published one segment more.
void countMade(db::Session& session, const Lease& lease);
bool setProgress(db::Session& session, const Lease& lease, int permille);

/// `result`: what it says of what it made, JSON, for whoever comes after it.
bool completeJob(db::Session& session, const Lease& lease,
                 const std::optional<std::string>& result = std::nullopt);
bool retryJobLater(db::Session& session, const Lease& lease, const FailureVerdict& verdict,
                   const std::string& error);
bool discardJob(db::Session& session, const Lease& lease, bool crashed, const std::string& error);
/// At shutdown: available at once, and the try does not count.
bool releaseJob(db::Session& session, const Lease& lease);
/// Ends a running job that was asked to.
bool endCancelledJob(db::Session& session, const Lease& lease);

/// An available job is cancelled now, a running one as soon as its daemon hears of it. False if it
/// is over.
bool cancelJob(db::Session& session, JobId id);
/// A discarded job starts over with all its tries; false if it is not discarded.
bool requeueJob(db::Session& session, JobId id);

/// Takes the leases that ran out: jobs become available, after a while from the second loss in a
/// row on; discarded by the tenth; cancelled when that was asked. Returns them as they are now.
std::vector<Job> reapExpired(db::Session& session);
/// At start, before the first claim: what this daemon was running when it died. On SQLite that is
/// every running job, because one daemon alone has the file.
std::vector<Job> reapOrphans(db::Session& session, const std::string& node);

std::optional<Job> findJob(db::Session& session, JobId id);
/// Those of a video that wait or run.
std::vector<JobId> openJobsOf(db::Session& session, std::int64_t video_id);
std::optional<Job> newestJobOf(db::Session& session, std::int64_t video_id);
/// Newest first; every state if none is given.
std::vector<Job> listJobs(db::Session& session, std::optional<JobState> state, std::int64_t skip,
                          std::int64_t limit);
/// How many there are of each state; states without jobs are not named.
std::vector<std::pair<JobState, std::int64_t>> countJobs(db::Session& session);

/// What is not done of one kind.
struct Backlog {
  std::string kind;
  std::int64_t available = 0;
  std::int64_t running = 0;
  std::int64_t discarded = 0;
};
/// Of every kind there is a row of, finished ones included.
std::vector<Backlog> backlogs(db::Session& session);

}  // namespace reeld::processing
