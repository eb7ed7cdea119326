// A counting semaphore of POSIX. post() never waits, which a condition variable does not promise:
// glibc's (2.25 to 2.40) may wait in notify until threads that were woken before have had a
// processor, and an event loop must not stand in line behind them.
#pragma once
#include <semaphore.h>

#include <cerrno>

namespace reeld::http::engine {

class Semaphore {
 public:
  Semaphore() noexcept { sem_init(&semaphore_, 0, 0); }
  ~Semaphore() { sem_destroy(&semaphore_); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  void post() noexcept { sem_post(&semaphore_); }
  void wait() noexcept {
    while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
    }
  }

 private:
  sem_t semaphore_{};
};

}  // namespace reeld::http::engine
