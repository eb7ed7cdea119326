#include "app/worker/confinement.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace reeld::app::worker {

void stepBack() {
  // Before PR_SET_DUMPABLE, which hands /proc/self to root.
  const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    constexpr char Score[] = "500";
    [[maybe_unused]] const auto written = write(fd, Score, sizeof Score - 1);
    close(fd);
  }
  setpriority(PRIO_PROCESS, 0, 10);
  prctl(PR_SET_DUMPABLE, 0);
}

bool dieWithParent(long parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The signal is not sent for a death before this call.
  return parent == 0 || getppid() == parent;
}

Namespaces leaveNamespaces() {
  Namespaces namespaces;
  // The user namespace comes first: it brings the rights for the others to an unprivileged process.
  constexpr std::pair<int, const char*> Kinds[] = {
      {CLONE_NEWUSER, "user"}, {CLONE_NEWNET, "net"}, {CLONE_NEWIPC, "ipc"}, {CLONE_NEWUTS, "uts"}};
  for (const auto& [flag, name] : Kinds) {
    if (unshare(flag) == 0) {
      namespaces.left.emplace_back(name);
    } else if (namespaces.problem.empty()) {
      namespaces.problem = std::string(name) + ": " + std::strerror(errno);
    }
  }
  return namespaces;
}

bool enterRoot(int directory_fd) {
  return fchdir(directory_fd) == 0 && chroot(".") == 0 && chdir("/") == 0;
}

bool dropCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

std::string setLimits(const processing::WorkerLimits& limits) {
  const struct {
    decltype(RLIMIT_AS) what;
    std::uint64_t value;
    std::uint64_t hard;
    const char* name;
  } wanted[] = {
      {RLIMIT_AS, limits.address_space_bytes, limits.address_space_bytes, "address space"},
      // SIGXCPU first, so that the death says why.
      {RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5, "processor time"},
      {RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes, "file size"},
      {RLIMIT_NOFILE, limits.open_files, limits.open_files, "open files"},
      {RLIMIT_CORE, 0, 0, "core size"}};
  for (const auto& one : wanted) {
    rlimit now{};
    getrlimit(one.what, &now);
    // A lower limit that is set already (by the service manager) stays.
    const rlimit limit{std::min<rlim_t>(one.value, now.rlim_max),
                       std::min<rlim_t>(one.hard, now.rlim_max)};
    if (setrlimit(one.what, &limit) != 0) {
      return std::string("cannot limit ") + one.name + ": " + std::strerror(errno);
    }
  }
  return "";
}

int threadCount() {
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) {
    return 0;
  }
  int count = 0;
  while (const dirent* entry = readdir(tasks)) {
    count += entry->d_name[0] != '.' ? 1 : 0;
  }
  closedir(tasks);
  return count;
}

}  // namespace reeld::app::worker
