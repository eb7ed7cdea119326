// posix_spawn, two pipes and a poll loop with a deadline.
#include "plugin/probe_run.h"

#include "base/error.h"
#include "base/file_descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

namespace reeld::plugin {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t MaxOutput = 1 << 20;
constexpr std::size_t MaxComplaints = 2048;

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Pipe makePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw systemError("cannot make a pipe", errno);
  }
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

class SpawnPlan {
 public:
  SpawnPlan(int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, out, 1);
    posix_spawn_file_actions_adddup2(&actions_, err, 2);
    // The daemon blocks its signals and ignores SIGPIPE; a child starts like any other program.
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  pid_t start(const std::vector<std::string>& argv,
              const std::vector<std::string>& additions) const {
    std::vector<char*> arguments = pointers(argv);
    std::vector<char*> environment = pointers(additions);
    environment.pop_back();
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!replaced(*entry, additions)) {
        environment.push_back(*entry);
      }
    }
    environment.push_back(nullptr);
    pid_t child = -1;
    const int failed = posix_spawn(&child, argv.front().c_str(), &actions_, &attributes_,
                                   arguments.data(), environment.data());
    if (failed != 0) {
      throw systemError("cannot start " + argv.front(), failed);
    }
    return child;
  }

 private:
  /// Whether an addition takes the place of that variable.
  static bool replaced(std::string_view variable, const std::vector<std::string>& additions) {
    const auto name = variable.substr(0, variable.find('=') + 1);
    return std::any_of(additions.begin(), additions.end(),
                       [name](const std::string& addition) { return addition.starts_with(name); });
  }
  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (const std::string& each : texts) {
      out.push_back(const_cast<char*>(each.c_str()));
    }
    out.push_back(nullptr);
    return out;
  }
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// Appends what is there; false at the end of the stream.
bool drain(int fd, std::string& into) {
  std::array<char, 4096> buffer{};
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  if (count < 0) {
    return errno == EINTR || errno == EAGAIN;
  }
  into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

void readBoth(Pipe& out, Pipe& err, SteadyClock::time_point until, ProbeRun& result) {
  while (out.read_end || err.read_end) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - SteadyClock::now());
    if (left.count() <= 0 || result.output.size() > MaxOutput) {
      result.timed_out = true;
      return;
    }
    std::array<pollfd, 2> waits = {pollfd{out.read_end.get(), POLLIN, 0},
                                   pollfd{err.read_end.get(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), static_cast<int>(left.count())) <= 0) {
      continue;
    }
    if (waits[0].revents != 0 && !drain(out.read_end.get(), result.output)) {
      out.read_end.reset();
    }
    if (waits[1].revents != 0) {
      if (!drain(err.read_end.get(), result.complaints)) {
        err.read_end.reset();
      }
      if (result.complaints.size() > MaxComplaints) {
        result.complaints.erase(0, result.complaints.size() - MaxComplaints);
      }
    }
  }
}

}  // namespace

ProbeRun runProbe(const std::vector<std::string>& argv, const std::vector<std::string>& additions,
                  std::chrono::milliseconds patience) {
  Pipe out = makePipe();
  Pipe err = makePipe();
  const pid_t child = SpawnPlan(out.write_end.get(), err.write_end.get()).start(argv, additions);
  out.write_end.reset();
  err.write_end.reset();

  ProbeRun result;
  readBoth(out, err, SteadyClock::now() + patience, result);
  // Also after a good end: nothing the plugin started may stay behind.
  kill(-child, SIGKILL);
  while (waitpid(child, &result.wait_status, 0) < 0 && errno == EINTR) {
  }
  return result;
}

}  // namespace reeld::plugin
