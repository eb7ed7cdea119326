#include "http/engine/loop.h"

#include "base/error.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace reeld::http::engine {

namespace {
constexpr std::uint64_t WakeTag = ~std::uint64_t{0};
constexpr std::uint64_t ListenerTag = std::uint64_t{0xffffffff} << 32;  ///< plus its index
constexpr std::int64_t LongestWaitMs = 1000;  ///< so that the watchdog sees the loop tick

void watch(int epoll_fd, int fd, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
    throw systemError("cannot watch a descriptor", errno);
  }
}
}  // namespace

Loop::Loop(unsigned index, Shared& shared)
    : state_(index, shared), driver_(state_), acceptor_(state_, driver_) {
  watch(state_.epoll_fd, state_.returned.fd(), EPOLLIN, WakeTag);
  for (std::size_t i = 0; i < shared.listeners.size(); ++i) {
    watch(state_.epoll_fd, shared.listeners[i]->fd(), EPOLLIN | EPOLLEXCLUSIVE, ListenerTag | i);
  }
}

Loop::~Loop() { close(state_.epoll_fd); }

void Loop::start() {
  thread_ = std::thread([this] {
    enterThread("reeld-loop" + std::to_string(state_.index));
    run();
  });
}

void Loop::drain(std::int64_t deadline_ms) {
  drain_deadline_ms_.store(deadline_ms);
  state_.returned.wake();
}

void Loop::join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Loop::run() {
  while (true) {
    const bool more = !state_.line.empty();
    turn(more ? 0 : static_cast<int>(state_.deadlines.wait(state_.now_ms, LongestWaitMs)));
    const std::int64_t deadline = drain_deadline_ms_.load(std::memory_order_relaxed);
    if (deadline == 0) {
      continue;
    }
    if (!state_.draining) {
      beginDrain();
    }
    if (state_.now_ms >= deadline) {
      closeAll();
      return;
    }
    if (state_.counters.open.value() == 0 && state_.away == 0) {
      return;
    }
  }
}

void Loop::turn(int timeout_ms) {
  std::array<epoll_event, 256> events;
  const int count =
      epoll_wait(state_.epoll_fd, events.data(), static_cast<int>(events.size()), timeout_ms);
  const auto began = std::chrono::steady_clock::now();
  state_.counters.ticks.add(1);
  state_.readTheClock();
  work({events.data(), static_cast<std::size_t>(count < 0 ? 0 : count)});
  const auto took = std::chrono::steady_clock::now() - began;
  state_.counters.turns.count(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

void Loop::work(std::span<const epoll_event> events) {
  bool woken = false;
  for (const epoll_event& event : events) {
    const std::uint64_t tag = event.data.u64;
    if (tag == WakeTag) {
      woken = true;
    } else if ((tag & ListenerTag) == ListenerTag) {
      if (!state_.draining) {
        acceptor_.accept(*state_.shared.listeners[tag & ~ListenerTag]);
      }
    } else if (Connection* connection = state_.find(
                   {static_cast<std::uint32_t>(tag), static_cast<std::uint32_t>(tag >> 32)})) {
      driver_.event(*connection, event.events);
    }
  }
  if (woken) {
    takeReturned();
  }
  turns_.swap(state_.line);
  for (const ConnectionRef ref : turns_) {
    if (Connection* connection = state_.find(ref)) {
      driver_.resume(*connection);
    }
  }
  turns_.clear();
  while (auto* due = state_.deadlines.takeDue(state_.now_ms)) {
    driver_.expired(*static_cast<Connection*>(due));
  }
}

void Loop::takeReturned() {
  state_.returned.take(arrived_);
  for (auto& job : arrived_) {
    driver_.returned(std::move(job));
  }
  arrived_.clear();
}

void Loop::beginDrain() {
  for (const auto& listener : state_.shared.listeners) {
    epoll_ctl(state_.epoll_fd, EPOLL_CTL_DEL, listener->fd(), nullptr);
  }
  driver_.drain();
}

void Loop::closeAll() {
  for (auto& connection : state_.slots) {
    driver_.close(connection);
  }
}

void Loop::settle() { takeReturned(); }

}  // namespace reeld::http::engine
