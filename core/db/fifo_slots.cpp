#include "db/fifo_slots.h"

namespace reeld::db {

bool FifoSlots::acquire(Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (free_ > 0) {  // Invariant: nobody waits while a slot is free.
    --free_;
    return true;
  }
  Waiter self;
  const auto place = waiting_.insert(waiting_.end(), &self);
  if (self.turn.wait_until(lock, deadline, [&] { return self.granted; }))
    return true;
  waiting_.erase(place);
  return false;
}

void FifoSlots::release() noexcept {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  Waiter& next = *waiting_.front();
  waiting_.pop_front();
  next.granted = true;
  // Under the lock: the waiter, and its condition variable, ends as soon as it may run.
  next.turn.notify_one();
}

std::size_t FifoSlots::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace reeld::db
