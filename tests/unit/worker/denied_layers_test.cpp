// The sandbox where the host denies parts of it, as a service manager's or a container's filter
// does: the mandatory layers hold, the others are reported as absent.
#include "base/json.h"
#include "catch.h"

#include <seccomp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

using reeld::Json;

namespace {

struct Outcome {
  Json report;
  int exit_status = -1;
};

/// Runs the self-test under a filter that answers EPERM to these calls.
Outcome selfTestWithout(const std::vector<const char*>& denied, bool without_prctl_filter = false) {
  int channel[2];
  REQUIRE(pipe(channel) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(channel[1], 1);
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    for (const char* name : denied) {
      seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name(name), 0);
    }
    if (without_prctl_filter) {
      constexpr unsigned SetSeccomp = 22;
      seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name("prctl"), 1,
                       SCMP_A0(SCMP_CMP_EQ, SetSeccomp, 0));
    }
    seccomp_load(filter);
    execl(REELD_WORKER, REELD_WORKER, "--self-test", nullptr);
    _exit(126);
  }
  close(channel[1]);
  std::string text;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = read(channel[0], buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  close(channel[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return {Json::parse(text), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

const std::vector<const char*> UnitDenies = {"unshare", "chroot"};
const std::vector<const char*> ContainerDenies = {"unshare", "chroot", "landlock_create_ruleset",
                                                  "landlock_add_rule", "landlock_restrict_self"};

}  // namespace

TEST_CASE("under the service's own filter the sandbox holds without namespaces and root") {
  const Outcome outcome = selfTestWithout(UnitDenies);
  INFO(outcome.report.dump());
  CHECK(outcome.exit_status == 0);
  const Json& layers = *outcome.report.find("layers");
  CHECK(layers.find("namespaces")->array().empty());
  CHECK_FALSE(layers.find("chroot")->boolean());
  CHECK(layers.find("landlock")->integer() > 0);
  CHECK(layers.find("seccomp")->boolean());
  CHECK(outcome.report.find("refused")->dump() ==
        R"({"namespaces":"user: Operation not permitted","chroot":"Operation not permitted"})");
}

TEST_CASE("where no layer for files can be had, that is said and the rest holds") {
  const Outcome outcome = selfTestWithout(ContainerDenies);
  INFO(outcome.report.dump());
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.report.find("layers")->find("landlock")->integer() == 0);
  CHECK(outcome.report.find("refused")->find("landlock")->text() == "Operation not permitted");
  CHECK(outcome.report.find("attempts")->array().at(0).find("result")->text() ==
        "allowed: this host offers no layer for files");
  CHECK(outcome.report.find("attempts")->array().at(3).find("result")->text() ==
        "Operation not permitted");
}

TEST_CASE("the filter is set where seccomp(2) itself is denied") {
  CHECK(selfTestWithout({"seccomp"}).exit_status == 0);
}

TEST_CASE("without the filter nothing runs") {
  const Outcome outcome = selfTestWithout({"seccomp"}, true);
  CHECK(outcome.exit_status == 1);
  CHECK_THAT(outcome.report.find("error")->text(),
             StartsWith("the encoder's sandbox lacks a layer: system call filter"));
}
