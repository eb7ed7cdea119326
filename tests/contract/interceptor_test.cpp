// reeld.interceptor/1 of every bundled interceptor: nothing on the way of a request allocates,
// takes a lock that could wait, or asks the system for anything that blocks.
#include "fakes/allocations.h"
#include "interceptor_held.h"

#include <seccomp.h>
#include <sys/wait.h>

#include <csignal>

using namespace reeld;
using namespace reeld::test;

namespace {

/// A child in which futex and every call that can wait ends the process: 0 if body makes none.
template <class Body>
int signalUnderFilter(Body&& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    for (const int call :
         {SCMP_SYS(futex), SCMP_SYS(write), SCMP_SYS(read), SCMP_SYS(openat), SCMP_SYS(poll),
          SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(socket), SCMP_SYS(fsync)}) {
      seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0);
    }
    if (seccomp_load(filter) != 0) {
      ::_exit(2);
    }
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

void requests(const InterceptorHeld& held, int count) {
  for (int i = 0; i < count; ++i) {
    HeldExchange x(i % 2 == 0 ? "auth" : "api", i % 3 == 0 ? "7" : "", "192.0.2.7", 1'000'000);
    x.record.method = plugin::abi(i % 4 == 0 ? "POST" : "GET");
    held.pass(x);
  }
}

}  // namespace

TEST_CASE("no bundled interceptor allocates on the way of a request, refusals included") {
  for (const std::string& name : InterceptorHeld::names()) {
    CAPTURE(name);
    const InterceptorHeld held(name);
    REQUIRE(held.status == REELD_OK);
    requests(held, 10);
    const Allocations allocations;
    requests(held, 1000);
    CHECK(allocations.count() == 0);
  }
}

TEST_CASE("no bundled interceptor makes a system call that can wait on the way of a request") {
  for (const std::string& name : InterceptorHeld::names()) {
    CAPTURE(name);
    const InterceptorHeld held(name);
    CHECK(signalUnderFilter([&] { requests(held, 1000); }) == 0);
    // The filter sees what it should see.
    CHECK(signalUnderFilter([] { ::usleep(1); }) == SIGSYS);
  }
}
