#include "processing/spawner.h"

#include "base/error.h"
#include "base/file_descriptor.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace reeld::processing {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

/// Everything the child needs, made before the fork: between fork and exec nothing may allocate.
struct Prepared {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::vector<int> descriptors;
  const char* path;
  int report_fd;
  pid_t parent;
};

[[noreturn]] void giveUp(int report_fd) {
  const int reason = errno;
  [[maybe_unused]] const auto written = write(report_fd, &reason, sizeof reason);
  _exit(127);
}

/// Only async-signal-safe calls from here on: other threads of the daemon may hold any lock.
[[noreturn]] void becomeChild(Prepared& prepared) {
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    sigaction(signal, &by_default, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != prepared.parent) {
    _exit(127);
  }
  const int count = static_cast<int>(prepared.descriptors.size());
  // First out of the way, then into place: a source may sit where a target goes.
  const int report_fd = fcntl(prepared.report_fd, F_DUPFD_CLOEXEC, count + 1);
  for (int& fd : prepared.descriptors) {
    fd = fcntl(fd, F_DUPFD_CLOEXEC, count + 1);
    if (fd < 0) {
      giveUp(report_fd);
    }
  }
  for (int target = 0; target < count; ++target) {
    if (dup2(prepared.descriptors[static_cast<std::size_t>(target)], target) < 0) {
      giveUp(report_fd);
    }
  }
  // Marks, not closes: the report must live until exec has worked.
  syscall(SYS_close_range, static_cast<unsigned>(count), ~0U, CLOSE_RANGE_CLOEXEC);
  execve(prepared.path, prepared.argv.data(), prepared.envp.data());
  giveUp(report_fd);
}

pid_t forkAndExec(const Program& program) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) {
    throw systemError("cannot make a pipe for " + program.path, errno);
  }
  const FileDescriptor reading(report[0]);
  FileDescriptor writing(report[1]);
  Prepared prepared{{program.path},       program.environment, {},      {}, program.descriptors,
                    program.path.c_str(), writing.get(),       getpid()};
  prepared.arguments.insert(prepared.arguments.end(), program.arguments.begin(),
                            program.arguments.end());
  prepared.argv = pointers(prepared.arguments);
  prepared.envp = pointers(prepared.environment);
  const pid_t child = fork();
  if (child == 0) {
    becomeChild(prepared);
  }
  if (child < 0) {
    throw systemError("cannot start " + program.path, errno);
  }
  writing.reset();
  int reason = 0;
  ssize_t size = 0;
  while ((size = read(reading.get(), &reason, sizeof reason)) < 0 && errno == EINTR) {
  }
  if (size == 0) {
    return child;
  }
  waitpid(child, nullptr, 0);
  throw systemError("cannot start " + program.path, reason);
}

}  // namespace

struct Spawner::Request {
  const Program& program;
  pid_t child = -1;
  std::exception_ptr error;
  bool done = false;
};

Spawner::Spawner() : thread_([this] { serve(); }) {}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

pid_t Spawner::start(const Program& program) {
  Request request{program, -1, nullptr, false};
  std::unique_lock lock(mutex_);
  requests_.push_back(&request);
  changed_.notify_all();
  changed_.wait(lock, [&] { return request.done; });
  if (request.error) {
    std::rethrow_exception(request.error);
  }
  return request.child;
}

void Spawner::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !requests_.empty(); });
    if (requests_.empty()) {
      return;
    }
    Request& request = *requests_.front();
    requests_.pop_front();
    lock.unlock();
    try {
      request.child = forkAndExec(request.program);
    } catch (...) {
      request.error = std::current_exception();
    }
    lock.lock();
    request.done = true;
    changed_.notify_all();
  }
}

}  // namespace reeld::processing
