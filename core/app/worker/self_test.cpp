#include "app/worker/self_test.h"

#include "app/worker/sandbox.h"
#include "base/error.h"
#include "base/json.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

namespace reeld::app::worker {

namespace {

/// What an attempt answered: below zero is a refusal with errno.
using Attempt = std::function<long()>;

struct Forbidden {
  const char* name;
  Attempt attempt;
  bool needs_file_layer =
      false;  ///< refused by Landlock or the root directory, which are best effort
};

long openFile(const char* path, int flags) { return open(path, flags | O_CLOEXEC, 0600); }

std::vector<Forbidden> forbidden(const std::string& outside) {
  return {
      {"read /etc/passwd", [] { return openFile("/etc/passwd", O_RDONLY); }, true},
      {"read /proc/self/environ", [] { return openFile("/proc/self/environ", O_RDONLY); }, true},
      {"write outside the folder",
       [outside] { return openFile(outside.c_str(), O_CREAT | O_WRONLY); }, true},
      {"make a socket", [] { return long{socket(AF_INET, SOCK_STREAM, 0)}; }},
      {"make a local socket", [] { return long{socket(AF_UNIX, SOCK_STREAM, 0)}; }},
      {"execve",
       [] {
         char name[] = "/bin/true";
         char* const arguments[] = {name, nullptr};
         return long{execve(name, arguments, nullptr)};
       }},
      {"fork",
       [] {
         const pid_t child = fork();
         if (child == 0) {
           _exit(0);
         }
         return long{child};
       }},
      {"ptrace", [] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
      {"signal the parent", [] { return long{kill(getppid(), 0)}; }},
      {"write code", [] {
         void* page =
             mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return long{mprotect(page, 4096, PROT_READ | PROT_EXEC)};
       }}};
}

Json row(const char* name, bool ok, const std::string& result) {
  Json json;
  json.set("name", name);
  json.set("ok", ok);
  json.set("result", result);
  return json;
}

Json tryForbidden(const Forbidden& one, bool has_file_layer) {
  errno = 0;
  if (one.attempt() < 0) {
    return row(one.name, true, std::strerror(errno));
  }
  const bool excused = one.needs_file_layer && !has_file_layer;
  return row(one.name, excused,
             excused ? "allowed: this host offers no layer for files" : "allowed");
}

Json tryAllowed(const char* name, const Attempt& attempt) {
  errno = 0;
  const bool done = attempt() >= 0;
  return row(name, done, done ? "allowed" : std::strerror(errno));
}

/// In the sandbox: prints the report, and says by its exit code whether every attempt ended as it
/// must.
int insideSandbox(int directory_fd, const std::string& outside) {
  Sandbox sandbox(processing::SandboxMode::Required, processing::WorkerLimits{});
  sandbox.prepare(0);
  sandbox.enter(directory_fd);
  Json::Array attempts;
  for (const Forbidden& one : forbidden(outside)) {
    attempts.push_back(tryForbidden(one, sandbox.confinesFiles()));
  }
  attempts.push_back(tryAllowed("write in the folder", [&] {
    const int fd = openat(directory_fd, "made", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    return long{fd < 0 ? fd : unlinkat(directory_fd, "made", 0)};
  }));
  attempts.push_back(tryAllowed("start a thread", [] {
    std::thread([] {}).join();
    return 0L;
  }));
  bool ok = true;
  for (const Json& attempt : attempts) {
    ok = ok && attempt.find("ok")->boolean();
  }
  Json report;
  report.set("ok", ok);
  report.set("layers", sandbox.report());
  report.set("refused", sandbox.refusals());
  report.set("attempts", std::move(attempts));
  std::puts(report.dump().c_str());
  std::fflush(stdout);
  // The filter's last word: a call on neither list must end this process. The parent looks for it.
  if (ok) {
    syscall(SYS_unshare, 0);
  }
  return 1;
}

int guarded(int directory_fd, const std::string& outside) {
  try {
    return insideSandbox(directory_fd, outside);
  } catch (const Error& error) {
    Json report;
    report.set("ok", false);
    report.set("error", error.what());
    std::puts(report.dump().c_str());
    std::fflush(stdout);
    return 1;
  }
}

}  // namespace

int runSelfTest() {
  std::string folder = (std::filesystem::temp_directory_path() / "reeld-self-test-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "cannot make a folder in %s: %s\n",
                 std::filesystem::temp_directory_path().c_str(), std::strerror(errno));
    return 1;
  }
  const int directory_fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const pid_t child = fork();
  if (child == 0) {
    _exit(guarded(directory_fd, folder + "-outside"));
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  const bool killed_by_filter = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
  if (!killed_by_filter) {
    std::fprintf(stderr, "the sandbox does not hold: see the attempts above\n");
  }
  return killed_by_filter ? 0 : 1;
}

}  // namespace reeld::app::worker
