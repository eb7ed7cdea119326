#include "http/engine/pool.h"

#include "http/engine/return_queue.h"

#include <pthread.h>

#include <csignal>

namespace reeld::http::engine {

void enterThread(const std::string& name) noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
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
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= limit_) {
      return false;
    }
    jobs_.push_back(std::move(job));
  }
  filled_.notify_one();
  return true;
}

void Pool::insist(Job&& job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  filled_.notify_one();
}

std::size_t Pool::queued() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void Pool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

void Pool::work() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) {
        return;
      }
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job.execute();
    ReturnQueue& home = *job.home;
    home.push(std::move(job));
  }
}

}  // namespace reeld::http::engine
