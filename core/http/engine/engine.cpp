#include "http/engine/engine.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>

namespace reeld::http::engine {

namespace {

unsigned usableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const bool known = sched_getaffinity(0, sizeof set, &set) == 0;
  return known ? static_cast<unsigned>(std::max(1, CPU_COUNT(&set))) : 1;
}

/// Raises the soft limit to the hard one and returns it.
std::size_t raiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 1024;
  }
  if (limit.rlim_cur < limit.rlim_max) {
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      limit.rlim_cur = before;
    }
  }
  return limit.rlim_cur == RLIM_INFINITY ? 1U << 20 : static_cast<std::size_t>(limit.rlim_cur);
}

}  // namespace

Engine::Engine(const Options& options, const Clock& clock)
    : loop_count_(options.loops > 0 ? options.loops : usableCores()),
      shared_(options, clock, loop_count_) {}

Engine::~Engine() {
  if (running_) {
    beginDrain(std::chrono::milliseconds(0));
    join();
  }
}

Listener& Engine::listen(const std::string& address, Application& application) {
  return *shared_.listeners.emplace_back(std::make_unique<Listener>(address, application));
}

Listener& Engine::adopt(int bound_fd, Application& application) {
  return *shared_.listeners.emplace_back(std::make_unique<Listener>(bound_fd, application));
}

void Engine::start() {
  const std::size_t descriptors = raiseDescriptorLimit();
  const std::size_t others = shared_.options.other_descriptors;
  const std::size_t possible = descriptors > 2 * others ? descriptors - others : descriptors / 2;
  shared_.max_connections = std::min(shared_.options.max_connections, possible);
  for (unsigned i = 0; i < loop_count_; ++i) {
    loops_.push_back(std::make_unique<Loop>(i, shared_));
  }
  shared_.workers.start();
  shared_.hash.start();
  shared_.io.start();
  for (const auto& loop : loops_) {
    loop->start();
  }
  running_ = true;
}

void Engine::beginDrain(std::chrono::milliseconds within) {
  for (const auto& loop : loops_) {
    loop->drain(shared_.clock.monotonicMs() + std::max<std::int64_t>(1, within.count()));
  }
  for (const auto& listener : shared_.listeners) {
    listener->close();
  }
}

void Engine::join() {
  if (!running_) {
    return;
  }
  for (const auto& loop : loops_) {
    loop->join();
  }
  // An upload's end may follow its last piece: workers stop before io, so that every drop still
  // runs.
  shared_.workers.stop();
  shared_.hash.stop();
  for (const auto& loop : loops_) {
    loop->settle();
  }
  shared_.io.stop();
  for (const auto& loop : loops_) {
    loop->settle();
  }
  running_ = false;
}

}  // namespace reeld::http::engine
