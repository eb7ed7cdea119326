#include "app/service/supervisor.h"

#include "base/error.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <thread>

namespace reeld::app::service {

namespace {

bool isStop(int signal) { return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT; }

/// Something that happens once, as a descriptor to poll.
class Event {
 public:
  Event() : fd_(eventfd(0, EFD_CLOEXEC)) {
    if (fd_ < 0) {
      throw systemError("cannot make an eventfd", errno);
    }
  }
  ~Event() { close(fd_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  void set() const { eventfd_write(fd_, 1); }
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace

Supervisor::Supervisor(Signals& signals, Watchdog& watchdog, const Notify& notify, const Log& log,
                       Actions actions)
    : signals_(signals),
      watchdog_(watchdog),
      notify_(notify),
      log_(log),
      actions_(std::move(actions)) {}

void Supervisor::run() {
  for (;;) {
    const auto signal = signals_.wait(watchdog_.untilNextBeat());
    watchdog_.beat();
    if (!signal) {
      continue;
    }
    if (isStop(*signal)) {
      log_.info("stopping", {{"signal", strsignal(*signal)}});
      return;
    }
    if (*signal == SIGHUP) {
      notify_.reloading();
      actions_.reload();
      notify_.ready("running");
    } else if (*signal == SIGUSR2) {
      actions_.dump_state();
    }
  }
}

bool Supervisor::drain(const std::function<void()>& stop, std::chrono::milliseconds limit) {
  notify_.stopping("finishing what is under way");
  // Shared with a thread that is left behind if the limit passes.
  const auto stopped = std::make_shared<Event>();
  std::thread worker([stop, stopped] {
    stop();
    stopped->set();
  });
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    std::array<pollfd, 2> fds = {{{.fd = stopped->fd(), .events = POLLIN, .revents = 0},
                                  {.fd = signals_.fd(), .events = POLLIN, .revents = 0}}};
    poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (fds[0].revents != 0) {
      worker.join();
      return true;
    }
    const auto signal = signals_.wait(std::chrono::milliseconds(0));
    if (signal && isStop(*signal)) {
      log_.warning("second signal: stopping at once");
      worker.detach();
      return false;
    }
    if (left.count() <= 0) {
      log_.error("the stop took too long and is cut off", {{"limit_ms", limit.count()}});
      worker.detach();
      return false;
    }
  }
}

}  // namespace reeld::app::service
