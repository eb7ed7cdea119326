#include "http/engine/return_queue.h"

#include "base/error.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace reeld::http::engine {

ReturnQueue::ReturnQueue() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_ < 0) {
    throw systemError("cannot make an eventfd", errno);
  }
}

ReturnQueue::~ReturnQueue() { close(fd_); }

void ReturnQueue::push(Job&& job) {
  jobs_.with([&](auto& jobs) { jobs.push_back(std::move(job)); });
  wake();
}

void ReturnQueue::wake() noexcept {
  if (!woken_.exchange(true)) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(fd_, &one, sizeof one);
  }
}

void ReturnQueue::take(std::vector<Job>& into) {
  // The flag falls before the jobs are taken: whoever pushes after that writes the eventfd again.
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(fd_, &count, sizeof count);
  woken_.store(false);
  jobs_.with([&](auto& jobs) { jobs.swap(into); });
}

}  // namespace reeld::http::engine
