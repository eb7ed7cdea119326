#include "app/commands/jobs.h"

#include "base/error.h"
#include "processing/job_repository.h"
#include "processing/video_inspection.h"

namespace reeld::app::commands {

namespace {

Json jobList(control::Request& request, db::Database& database) {
  const std::string given = request.text("state", "");
  const auto state = processing::parseJobState(given);
  if (!given.empty() && !state) {
    throw Error(ErrorCode::Invalid,
                "the state must be available, running, completed, discarded or cancelled (got \"" +
                    given + "\")");
  }
  const auto jobs = database.read([&](db::Session& session) {
    return processing::listJobs(session, state, request.count("skip", 0),
                                request.count("limit", 100));
  });
  Json::Array rows;
  for (const auto& job : jobs) {
    rows.push_back(processing::toJson(job));
  }
  return Json::Object{{"jobs", std::move(rows)}};
}

Json retriedJob(control::Request& request, db::Database& database, processing::EncodeQueue& queue) {
  const std::int64_t id = request.integer("id");
  const auto job = database.transact([&](db::Session& session) {
    queue.retry(session, id);
    return processing::findJob(session, id);
  });
  return job ? processing::toJson(*job) : Json();
}

}  // namespace

control::Commands jobCommands(db::Database& database, processing::EncodeQueue& queue) {
  return {
      {"job list", [&](control::Request& request) { return jobList(request, database); }},
      {"job retry",
       [&](control::Request& request) { return retriedJob(request, database, queue); }},
  };
}

Json jobCounts(db::Database& database) {
  Json::Object counts;
  for (const auto& [state, count] : database.read(processing::countJobs)) {
    counts.emplace_back(processing::word(state), count);
  }
  return counts;
}

void countBacklog(Metrics& metrics, db::Database& database) {
  const auto show = [&metrics](const processing::Backlog& backlog) {
    const auto set = [&](const char* state, std::int64_t count) {
      metrics
          .gauge("reeld_jobs", "jobs that wait, run, or were given up",
                 {{"queue", backlog.kind}, {"state", state}})
          .set(static_cast<double>(count));
    };
    set("available", backlog.available);
    set("running", backlog.running);
    set("discarded", backlog.discarded);
  };
  show({.kind = "encode"});
  metrics.atScrape([&database, show] {
    try {
      for (const auto& backlog : database.readOne(processing::backlogs)) {
        show(backlog);
      }
    } catch (const Error&) {
      // the metrics of the database say so
    }
  });
}

}  // namespace reeld::app::commands
