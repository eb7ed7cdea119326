#include "app/worker/syscall_filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace reeld::app::worker {

namespace {

// What decoding, encoding and writing files below one directory needs.
constexpr const char* Allowed[] = {
    // bytes
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek",
    "close", "close_range", "fcntl", "dup", "dup3", "poll", "ppoll", "pselect6", "pipe2",
    "eventfd2", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait",
    // files; Landlock and chroot say which
    "open", "openat", "fstat", "newfstatat", "statx", "stat", "lstat", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getcwd", "getdents64", "fstatfs", "mkdir", "mkdirat",
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate", "fallocate", "fsync",
    "fdatasync", "sync_file_range", "fadvise64",
    // memory
    "munmap", "mremap", "madvise", "brk", "membarrier",
    // threads and time
    "futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "sched_yield",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max",
    "sched_get_priority_min", "getpriority", "nanosleep", "clock_nanosleep", "clock_gettime",
    "clock_getres", "gettimeofday", "time", "times", "getitimer", "exit", "exit_group",
    "restart_syscall",
    // signals to itself
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend", "pause",
    "rt_sigtimedwait", "sigaltstack",
    // who and how much
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getcpu", "getrandom",
    "getrlimit", "getrusage", "sysinfo", "uname"};

// Libraries try these and live without them.
constexpr const char* Refused[] = {"socket",
                                   "socketpair",
                                   "connect",
                                   "bind",
                                   "listen",
                                   "accept",
                                   "accept4",
                                   "sendto",
                                   "recvfrom",
                                   "sendmsg",
                                   "recvmsg",
                                   "getsockname",
                                   "getpeername",
                                   "setsockopt",
                                   "getsockopt",
                                   "execve",
                                   "execveat",
                                   "fork",
                                   "vfork",
                                   "ptrace",
                                   "kill",
                                   "mbind",
                                   "set_mempolicy",
                                   "get_mempolicy",
                                   "migrate_pages",
                                   "move_pages",
                                   "sched_setaffinity",
                                   "sched_setscheduler",
                                   "sched_setparam",
                                   "sched_setattr",
                                   "setpriority",
                                   "setrlimit",
                                   "ioprio_set",
                                   "mlock",
                                   "mlock2",
                                   "mlockall",
                                   "munlock",
                                   "memfd_create",
                                   "shmget",
                                   "shmat",
                                   "shmctl",
                                   "shmdt",
                                   "symlink",
                                   "symlinkat",
                                   "link",
                                   "linkat",
                                   "chmod",
                                   "fchmod",
                                   "fchmodat",
                                   "chown",
                                   "fchown",
                                   "fchownat",
                                   "utimensat",
                                   "statfs",
                                   "inotify_init1",
                                   "inotify_add_watch",
                                   "timerfd_create",
                                   "userfaultfd",
                                   "pidfd_open",
                                   "chdir",
                                   "fchdir",
                                   "setsid",
                                   "getpgrp",
                                   "setpgid"};

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_KILL_PROCESS), seccomp_release) {}
  bool made() const { return context_ != nullptr; }

  void add(std::uint32_t action, const char* name) { addIf(action, name, nullptr, 0); }
  void add(std::uint32_t action, const char* name, scmp_arg_cmp condition) {
    addIf(action, name, &condition, 1);
  }
  /// 0, or a negative errno.
  int load() {
    if (error_ != 0) {
      return error_;
    }
    return seccomp_load(context_.get()) == 0 ? 0 : loadByPrctl();
  }

 private:
  /// Where the service manager's own filter refuses seccomp(2), the older call does the same.
  int loadByPrctl() {
    const int file = memfd_create("filter", MFD_CLOEXEC);
    if (file < 0 || seccomp_export_bpf(context_.get(), file) != 0) {
      close(file);
      return -EIO;
    }
    std::vector<sock_filter> code(static_cast<std::size_t>(lseek(file, 0, SEEK_END)) /
                                  sizeof(sock_filter));
    const auto size = static_cast<ssize_t>(code.size() * sizeof(sock_filter));
    const bool is_read = pread(file, code.data(), static_cast<std::size_t>(size), 0) == size;
    close(file);
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    const bool is_set = is_read && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
    return is_set ? 0 : -errno;
  }
  void addIf(std::uint32_t action, const char* name, const scmp_arg_cmp* conditions,
             unsigned count) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number < 0) {
      return;  // not of this architecture
    }
    const int status = seccomp_rule_add_array(context_.get(), action, number, count, conditions);
    if (status < 0 && error_ == 0) {
      error_ = status;
    }
  }
  std::unique_ptr<void, decltype(&seccomp_release)> context_;
  int error_ = 0;
};

scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}
scmp_arg_cmp equal(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

void addConditional(Filter& filter) {
  constexpr std::uint32_t NotPermitted = SCMP_ACT_ERRNO(EPERM);
  // Threads, not processes. clone3 hides its flags from a filter, so glibc is made to fall back to
  // clone.
  filter.add(SCMP_ACT_ALLOW, "clone", masked(0, CLONE_THREAD, CLONE_THREAD));
  filter.add(NotPermitted, "clone", masked(0, CLONE_THREAD, 0));
  filter.add(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  // Memory is written or executed, never made executable again: all code is loaded by now.
  for (const char* name : {"mmap", "mprotect", "pkey_mprotect"}) {
    filter.add(SCMP_ACT_ALLOW, name, masked(2, PROT_EXEC, 0));
    filter.add(SCMP_ACT_ERRNO(EACCES), name, masked(2, PROT_EXEC, PROT_EXEC));
  }
  // Limits may be read, not set: a null pointer for the new ones.
  filter.add(SCMP_ACT_ALLOW, "prlimit64", equal(2, 0));
  filter.add(NotPermitted, "prlimit64", {2, SCMP_CMP_NE, 0, 0});
  constexpr std::uint64_t SetName = 15;
  filter.add(SCMP_ACT_ALLOW, "prctl", equal(0, SetName));
  filter.add(NotPermitted, "prctl", {0, SCMP_CMP_NE, SetName, 0});
  // abort() signals its own thread; the death then says SIGABRT instead of a violation.
  const auto self = static_cast<std::uint64_t>(getpid());
  filter.add(SCMP_ACT_ALLOW, "tgkill", equal(0, self));
  filter.add(NotPermitted, "tgkill", {0, SCMP_CMP_NE, self, 0});
  filter.add(SCMP_ACT_ERRNO(ENOTTY), "ioctl");
}

}  // namespace

std::string installSyscallFilter() {
  // Every kernel this runs on can end a process by filter (4.14); libseccomp asks by a call that
  // may be refused, and would conclude that it cannot.
  seccomp_api_set(3);
  Filter filter;
  if (!filter.made()) {
    return "libseccomp cannot make a filter";
  }
  for (const char* name : Allowed) {
    filter.add(SCMP_ACT_ALLOW, name);
  }
  for (const char* name : Refused) {
    filter.add(SCMP_ACT_ERRNO(EPERM), name);
  }
  addConditional(filter);
  const int status = filter.load();
  return status == 0 ? "" : std::string("the kernel refuses the filter: ") + std::strerror(-status);
}

}  // namespace reeld::app::worker
