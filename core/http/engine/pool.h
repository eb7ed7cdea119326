// Threads that run jobs in order of arrival, with a bounded queue. Each job goes back to the loop
// it came from, run or not.
#pragma once
#include "base/guarded.h"
#include "http/engine/job.h"
#include "http/engine/semaphore.h"

#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace reeld::http::engine {

class Pool {
 public:
  Pool(std::string name, unsigned threads, std::size_t queue_limit);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void start();
  /// False, and the job untouched, if the queue is full.
  bool offer(Job& job);
  /// For what must not be refused half-way (pieces, the end of an upload): never full.
  void insist(Job&& job);
  /// Runs what is queued, then ends the threads; nothing may be offered any more.
  void stop();
  std::size_t queued() const;

 private:
  void work();
  /// The next job; nothing at the end.
  std::optional<Job> next();

  const std::string name_;
  const unsigned threads_wanted_;
  const std::size_t limit_;
  struct Queue {
    std::deque<Job> jobs;
    bool stopping = false;
  };
  Guarded<Queue> queue_;
  Semaphore filled_;  ///< one for each job, and at the end one for each thread
  std::vector<std::thread> threads_;
};

/// Names the calling thread and leaves signals to the supervisor.
void enterThread(const std::string& name) noexcept;

}  // namespace reeld::http::engine
