// Jobs on their way back to their loop: a vector behind a lock and one eventfd write per batch.
#pragma once
#include "base/guarded.h"
#include "http/engine/job.h"

#include <atomic>
#include <vector>

namespace reeld::http::engine {

class ReturnQueue {
 public:
  ReturnQueue();
  ~ReturnQueue();
  ReturnQueue(const ReturnQueue&) = delete;
  ReturnQueue& operator=(const ReturnQueue&) = delete;

  void push(Job&& job);  ///< any thread
  void wake() noexcept;  ///< any thread: the loop looks up, with or without jobs
  int fd() const noexcept { return fd_; }
  /// On the loop: everything that came back, into an empty vector.
  void take(std::vector<Job>& into);

 private:
  int fd_;
  std::atomic<bool> woken_{false};
  Guarded<std::vector<Job>> jobs_;
};

}  // namespace reeld::http::engine
