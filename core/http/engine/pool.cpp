#include "http/engine/pool.h"

#include "base/thread_signals.h"
#include "http/engine/return_queue.h"

#include <pthread.h>

namespace reeld::http::engine {

void enterThread(const std::string& name) noexcept {
  blockSignalsOfOthers();
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

Pool::Pool(std::string name, unsigned threads, std::size_t queue_limit)
    : name_(std::move(name)), threads_wanted_(threads), limit_(queue_limit) {}

Pool::~Pool() { stop(); }

void Pool::start() {
  for (unsigned i = 0; i < threads_wanted_; ++i) {
    threads_.emplace_back([this, i] {
      enterThread(name_ + std::to_string(i));
      work();
    });
  }
}

bool Pool::offer(Job& job) {
  const bool taken = queue_.with([&](Queue& queue) {
    if (queue.jobs.size() >= limit_) {
      return false;
    }
    queue.jobs.push_back(std::move(job));
    return true;
  });
  if (taken) {
    filled_.post();
  }
  return taken;
}

void Pool::insist(Job&& job) {
  queue_.with([&](Queue& queue) { queue.jobs.push_back(std::move(job)); });
  filled_.post();
}

std::size_t Pool::queued() const {
  return queue_.with([](const Queue& queue) { return queue.jobs.size(); });
}

void Pool::stop() {
  queue_.with([](Queue& queue) { queue.stopping = true; });
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    filled_.post();
  }
  for (auto& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

std::optional<Job> Pool::next() {
  for (;;) {
    filled_.wait();
    bool is_over = false;
    auto job = queue_.with([&](Queue& queue) -> std::optional<Job> {
      if (queue.jobs.empty()) {
        is_over = queue.stopping;
        return std::nullopt;
      }
      std::optional<Job> front(std::move(queue.jobs.front()));
      queue.jobs.pop_front();
      return front;
    });
    if (job || is_over) {
      return job;
    }
  }
}

void Pool::work() {
  while (auto job = next()) {
    job->execute();
    ReturnQueue& home = *job->home;
    home.push(*std::move(job));
  }
}

}  // namespace reeld::http::engine
