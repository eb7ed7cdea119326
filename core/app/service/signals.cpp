#include "app/service/signals.h"

#include "base/error.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace reeld::app::service {

namespace {

sigset_t ours() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2}) {
    sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

void blockSignals() {
  const sigset_t set = ours();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Signals::Signals() {
  const sigset_t set = ours();
  fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) {
    throw systemError("cannot make a signalfd", errno);
  }
}

Signals::~Signals() { close(fd_); }

std::optional<int> Signals::wait(std::chrono::milliseconds timeout) {
  pollfd poll_fd{.fd = fd_, .events = POLLIN, .revents = 0};
  if (poll(&poll_fd, 1, static_cast<int>(timeout.count())) <= 0) {
    return std::nullopt;
  }
  signalfd_siginfo info{};
  return read(fd_, &info, sizeof info) == sizeof info
             ? std::optional<int>(static_cast<int>(info.ssi_signo))
             : std::nullopt;
}

bool stopIsPending() noexcept {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 ||
         sigismember(&pending, SIGQUIT) == 1;
}

}  // namespace reeld::app::service
