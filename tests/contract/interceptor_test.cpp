// reeld.interceptor/1 of every bundled interceptor: nothing on the way of a request allocates,
// takes a lock that could wait, or asks the system for anything that blocks.
#include "fakes/allocations.h"
#include "interceptor_held.h"

#include <seccomp.h>
#include <sys/syscall.h>
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
#ifndef __SANITIZE_THREAD__  // its runtime has a thread in each process, and that sleeps
          SCMP_SYS(nanosleep),
#endif
          SCMP_SYS(clock_nanosleep), SCMP_SYS(socket), SCMP_SYS(fsync)}) {
      seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0);
    }
    if (seccomp_load(filter) != 0) {
      ::_exit(2);
    }
    body();
    ::syscall(SYS_exit_group, 0);  // the _exit() of a sanitizer writes what is buffered
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

/// The chain as it is by default: the trail around the limits, each with scratch of its own.
struct Chain {
  InterceptorHeld trail{"audit-trail", R"({"ring": 8192, "keep_days": 0})"};
  InterceptorHeld limits{"rate-limit", R"({"auth": 100, "default": 100})"};
  int refused = 0;

  void requests(int count) {
    std::array<std::byte, REELD_MAX_SCRATCH> scratch{};
    for (int i = 0; i < count; ++i) {
      HeldExchange x(i % 2 == 0 ? "auth" : "api", i % 3 == 0 ? "7" : "", "192.0.2.7", 1'000'000);
      x.record.method = plugin::abi(i % 4 == 0 ? "POST" : "GET");
      scratch.fill(std::byte{});
      const auto withLimits = [&](auto&& call) {
        x.record.scratch = scratch.data();
        call();
        x.record.scratch = x.scratch.data();
      };
      x.record.status = 200;
      bool passes = trail.interceptor.on_request(trail.self, &x.record) == REELD_CONTINUE;
      withLimits([&] {
        passes = passes && limits.interceptor.on_request(limits.self, &x.record) == REELD_CONTINUE;
      });
      x.record.status = passes ? 200 : x.refused_with;
      x.record.is_refused = passes ? 0 : 1;
      refused += passes ? 0 : 1;
      withLimits([&] {
        if (limits.interceptor.on_response != nullptr) {
          limits.interceptor.on_response(limits.self, &x.record);
        }
      });
      trail.interceptor.on_complete(trail.self, &x.record);
    }
  }
};

}  // namespace

TEST_CASE("trail and limits in one chain neither allocate nor wait on the way of a request") {
  Chain chain;
  REQUIRE(chain.trail.status == REELD_OK);
  REQUIRE(chain.limits.status == REELD_OK);
  chain.requests(10);
  const Allocations allocations;
  chain.requests(1000);
  CHECK(allocations.count() == 0);
  CHECK(chain.refused > 0);
  CHECK(signalUnderFilter([&] { chain.requests(1000); }) == 0);
}

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
