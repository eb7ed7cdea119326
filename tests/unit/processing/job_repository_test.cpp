// The queue on both engines: one job to one worker, and only the holder of its lease writes.
#include "processing/job_repository.h"

#include "unit/users/site.h"

#include <set>
#include <thread>

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

struct Queue : Site {
  explicit Queue(db::Dialect dialect) : Site(dialect) {}

  std::optional<JobId> add(std::optional<std::string> key = std::nullopt, int priority = 2) {
    NewJob job;
    job.kind = "encode";
    job.unique_key = std::move(key);
    job.priority = priority;
    return database->transact([&](db::Session& session) { return enqueueJob(session, job); });
  }
  std::optional<Job> claim(std::int64_t lease_ms = LeaseMs, const std::string& node = "here") {
    return database->transact(
        [&](db::Session& session) { return claimJob(session, {"encode"}, node, lease_ms); });
  }
  Job find(JobId id) {
    return *database->read([&](db::Session& session) { return findJob(session, id); });
  }
  template <class Body>
  auto with(Body body) {
    return database->transact(body);
  }
};

Lease leaseOf(const Job& job) { return {job.id, job.lease_token}; }
constexpr std::int64_t Expired = -1000;

}  // namespace

TEST_CASE("jobs are claimed by priority, then age, each once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId late = *queue.add();
      const JobId urgent = *queue.add(std::nullopt, 0);
      const auto first = queue.claim();
      REQUIRE(first);
      CHECK(first->id == urgent);
      CHECK(first->state == JobState::Running);
      CHECK(first->attempt == 1);
      CHECK(first->lease_token.size() == 16);
      CHECK(queue.claim()->id == late);
      CHECK_FALSE(queue.claim());
      CHECK_FALSE(
          queue.with([](db::Session& session) { return claimJob(session, {"other"}, "here"); }));
    }
  }
}

TEST_CASE("a job of any of ten kinds is claimed, and nobody asks for more than are looked for") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      queue.add();
      Kinds kinds{"a", "b", "c", "d", "e", "f", "g", "h", "i", "encode"};
      CHECK(queue.with([&](db::Session& session) { return nextDueIn(session, kinds); }) == 0);
      CHECK(queue.with([&](db::Session& session) { return claimJob(session, kinds, "here"); }));
      kinds.emplace_back("k");
      CHECK_THROWS_AS(
          queue.with([&](db::Session& session) { return claimJob(session, kinds, "here"); }),
          Error);
      CHECK_THROWS_AS(queue.with([&](db::Session& session) { return nextDueIn(session, kinds); }),
                      Error);
    }
  }
}

TEST_CASE("a key is in the queue once, until its job is over") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      CHECK(queue.add("source:1"));
      CHECK_FALSE(queue.add("source:1"));
      CHECK(queue.add("source:2"));
      const auto job = queue.claim();
      CHECK_FALSE(queue.add("source:1"));
      CHECK(queue.with([&](db::Session& session) { return completeJob(session, leaseOf(*job)); }));
      CHECK(queue.add("source:1"));
    }
  }
}

TEST_CASE("a job goes with the transaction that enqueued it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      CHECK_THROWS(queue.database->transact([](db::Session& session) {
        NewJob job;
        job.kind = "encode";
        enqueueJob(session, job);
        throw Error(ErrorCode::Internal, "no");
      }));
      CHECK_FALSE(queue.claim());
    }
  }
}

TEST_CASE("a daemon whose lease is gone can write nothing") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      queue.add();
      const Job zombie = *queue.claim(Expired);
      CHECK(queue.with([](db::Session& session) { return reapExpired(session).size(); }) == 1);
      const Job heir = *queue.claim(LeaseMs, "there");
      CHECK(heir.id == zombie.id);
      CHECK(heir.attempt == 1);
      CHECK(heir.losses == 1);
      const Lease lease = leaseOf(zombie);
      queue.with([&](db::Session& session) {
        CHECK(heartbeat(session, lease) == LeaseState::Lost);
        CHECK_FALSE(setProgress(session, lease, 500));
        CHECK_FALSE(completeJob(session, lease));
        CHECK_FALSE(retryJobLater(session, lease, {.crashed = true}, "x"));
        CHECK_FALSE(discardJob(session, lease, false, "x"));
        CHECK_FALSE(releaseJob(session, lease));
        CHECK_FALSE(endCancelledJob(session, lease));
        CHECK(reasonOf([&] { fence(session, lease); }) == "fenced");
      });
      const Job now = queue.find(heir.id);
      CHECK(now.state == JobState::Running);
      CHECK(now.lease_token == heir.lease_token);
      CHECK(queue.with([&](db::Session& session) { return completeJob(session, leaseOf(heir)); }));
    }
  }
}

TEST_CASE("a beat keeps a lease that would have run out") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      queue.add();
      const Job job = *queue.claim(Expired);
      CHECK(queue.with([&](db::Session& session) { return heartbeat(session, leaseOf(job)); }) ==
            LeaseState::Held);
      CHECK(queue.with([](db::Session& session) { return reapExpired(session).size(); }) == 0);
    }
  }
}

TEST_CASE("a fence neither lengthens nor shortens a lease") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      queue.add();
      const Job job = *queue.claim(600'000);
      const auto until = [&] { return queue.count("SELECT lease_until FROM jobs"); };
      const std::int64_t before = until();
      queue.with([&](db::Session& session) { fence(session, leaseOf(job)); });
      CHECK(until() == before);
    }
  }
}

TEST_CASE(
    "a job whose daemon is gone loses no try, waits longer each time, and is given up at last") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId id = *queue.add();
      std::int64_t waited = -1;
      for (int loss = 1; loss <= 10; ++loss) {
        REQUIRE(queue.claim(Expired)->attempt == 1);
        const auto reaped = queue.with([](db::Session& session) { return reapExpired(session); });
        REQUIRE(reaped.size() == 1);
        CHECK(reaped[0].losses == loss);
        CHECK(reaped[0].attempt == 0);
        CHECK(reaped[0].state == (loss < 10 ? JobState::Available : JobState::Discarded));
        queue.with([&](db::Session& session) {
          const std::int64_t wait = findJob(session, id)->run_at - session.now();
          CHECK((loss == 1 ? wait <= 0 : wait > waited));
          waited = wait;
          session.queryText("UPDATE jobs SET run_at = 0", {});
        });
      }
      CHECK(queue.find(id).finished_at);
      CHECK_FALSE(queue.claim());
    }
  }
}

TEST_CASE("at start a daemon takes back what it ran before it died") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId mine = *queue.add();
      queue.claim(LeaseMs, "here");
      const JobId other = *queue.add();
      queue.claim(LeaseMs, "there");
      const auto reaped =
          queue.with([](db::Session& session) { return reapOrphans(session, "here"); });
      // A file has one daemon, so on SQLite every running job is an orphan.
      CHECK(reaped.size() == (dialect == db::Dialect::Sqlite ? 2 : 1));
      CHECK(queue.find(mine).state == JobState::Available);
      CHECK(queue.find(other).state ==
            (dialect == db::Dialect::Sqlite ? JobState::Available : JobState::Running));
    }
  }
}

TEST_CASE("a released job costs no try, a failed one waits") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId id = *queue.add();
      CHECK(queue.with([job = *queue.claim()](db::Session& session) {
        return releaseJob(session, leaseOf(job));
      }));
      CHECK(queue.find(id).attempt == 0);
      CHECK(queue.with([job = *queue.claim()](db::Session& session) {
        return retryJobLater(session, leaseOf(job), {.crashed = true, .delay_ms = 60'000},
                             "the encoder crashed");
      }));
      const Job waiting = queue.find(id);
      CHECK(waiting.state == JobState::Available);
      CHECK(waiting.attempt == 1);
      CHECK(waiting.crashes == 1);
      CHECK(waiting.last_error == "the encoder crashed");
      const auto due_ms =
          queue.with([](db::Session& session) { return nextDueIn(session, {"encode"}); });
      CHECK(due_ms.value() > 50'000);
      CHECK(due_ms.value() <= 60'000);
      CHECK_FALSE(queue.with([](db::Session& session) { return nextDueIn(session, {"other"}); }));
      CHECK_FALSE(queue.claim());
    }
  }
}

TEST_CASE("a try that says nothing about the job is not counted") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId id = *queue.add();
      for (int i = 0; i < 7; ++i) {
        CHECK(queue.with([job = *queue.claim()](db::Session& session) {
          return retryJobLater(session, leaseOf(job), {.costs_try = false}, "no space left");
        }));
      }
      CHECK(queue.find(id).attempt == 0);
      CHECK(queue.find(id).last_error == "no space left");
    }
  }
}

TEST_CASE("a waiting job is cancelled at once, a running one is told at its next beat") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId waiting = *queue.add();
      CHECK(queue.with([&](db::Session& session) { return cancelJob(session, waiting); }));
      CHECK(queue.find(waiting).state == JobState::Cancelled);
      CHECK_FALSE(queue.with([&](db::Session& session) { return cancelJob(session, waiting); }));
      queue.add();
      const Job running = *queue.claim();
      CHECK(queue.with([&](db::Session& session) { return cancelJob(session, running.id); }));
      CHECK(queue.with([&](db::Session& session) {
        return heartbeat(session, leaseOf(running));
      }) == LeaseState::CancelAsked);
      CHECK(queue.with(
          [&](db::Session& session) { return endCancelledJob(session, leaseOf(running)); }));
      CHECK(queue.find(running.id).state == JobState::Cancelled);
    }
  }
}

TEST_CASE("a discarded job can start over with all its tries") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      const JobId id = *queue.add();
      const Job job = *queue.claim();
      CHECK_FALSE(queue.with([&](db::Session& session) { return requeueJob(session, id); }));
      CHECK(queue.with(
          [&](db::Session& session) { return discardJob(session, leaseOf(job), true, "no"); }));
      CHECK(queue.with([](db::Session& session) {
        return listJobs(session, JobState::Discarded, 0, 10).size();
      }) == 1);
      CHECK(queue.with([&](db::Session& session) { return requeueJob(session, id); }));
      const Job again = *queue.claim();
      CHECK(again.attempt == 1);
      CHECK(again.crashes == 0);
    }
  }
}

TEST_CASE("many workers share a queue without sharing a job") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Queue queue(dialect);
      constexpr int Jobs = 60;
      for (int i = 0; i < Jobs; ++i) {
        queue.add();
      }
      Guarded<std::multiset<JobId>> claimed;
      std::vector<std::thread> workers;
      for (int i = 0; i < 4; ++i) {
        workers.emplace_back([&] {
          while (const auto job = queue.claim()) {
            claimed.with([&](auto& ids) { ids.insert(job->id); });
            queue.with([&](db::Session& session) { return completeJob(session, leaseOf(*job)); });
          }
        });
      }
      for (std::thread& worker : workers) {
        worker.join();
      }
      claimed.with([&](const auto& ids) {
        CHECK(ids.size() == Jobs);
        CHECK(std::set<JobId>(ids.begin(), ids.end()).size() == Jobs);
      });
    }
  }
}
