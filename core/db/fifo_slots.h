// N slots, taken in the order of asking, each wait bounded by a deadline: the writer lock of SQLite
// (N = 1) and the bound of every pool.
#pragma once
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace reeld::db {

using Deadline = std::chrono::steady_clock::time_point;

class FifoSlots {
 public:
  explicit FifoSlots(int count) : free_(count) {}

  /// False if the deadline passed first.
  bool acquire(Deadline deadline);
  /// Any thread; hands the slot to who has waited longest.
  void release() noexcept;
  std::size_t waiting() const;

 private:
  struct Waiter {
    std::condition_variable turn;
    bool granted = false;
  };
  mutable std::mutex mutex_;
  int free_;
  std::list<Waiter*> waiting_;
};

}  // namespace reeld::db
