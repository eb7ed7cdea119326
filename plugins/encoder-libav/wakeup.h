// Lets the reading thread sleep until any encoder has room or output, without missing a signal that
// came before it slept.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace reeld::libav {

class Wakeup {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    condition_.notify_one();
  }
  /// Returns after the next ring (or one since the last wait), at the latest after `limit`.
  void wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, limit, [this] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool rung_ = false;
};

}  // namespace reeld::libav
