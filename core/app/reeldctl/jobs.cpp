// reeldctl job list, retry.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"

namespace reeld::app::reeldctl {

namespace {

std::string printedJobs(const Json& jobs) {
  cli::Table table({"ID", "KIND", "VIDEO", "STATE", "TRY", "DONE", "CREATED", "LAST ERROR"});
  for (const auto& job : jobs.array()) {
    const std::string video = text(job, "video_id");
    table.add({text(job, "id"), text(job, "kind"), video.empty() ? "-" : video, text(job, "state"),
               text(job, "attempt") + "/" + text(job, "max_attempts"),
               std::to_string(integer(job, "progress_permille") / 10) + "%",
               cli::printedTime(integer(job, "created_at")), text(job, "last_error")});
  }
  return table.text();
}

int listJobs(Context& context) {
  const Json answer = context.call("job list", context.listArgs("100"));
  context.print(rowsOf(answer, "jobs"), printedJobs);
  return cli::Success;
}

int retryJob(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  context.print(context.call("job retry", Json::Object{{"id", id}}), [](const Json& job) {
    return "job " + text(job, "id") + " is " + text(job, "state") + " again\n";
  });
  return cli::Success;
}

}  // namespace

Subcommands jobSubcommands() {
  return {
      {"job list",
       "",
       "list jobs, newest first",
       {{"state", "STATE", "only these: available, running, completed, discarded, cancelled"},
        {"limit", "N", "at most so many (default 100)"}},
       listJobs},
      {"job retry", "ID", "start a discarded job over with all its tries", {}, retryJob, 1},
  };
}

}  // namespace reeld::app::reeldctl
