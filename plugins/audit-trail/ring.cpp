#include "ring.h"

namespace audit_trail {

Ring::Ring(std::size_t capacity)
    : slots_(capacity), mask_(capacity - 1), free_(static_cast<std::int64_t>(capacity)) {}

bool Ring::takeCredit(std::size_t left_over) noexcept {
  const auto least = static_cast<std::int64_t>(left_over);
  std::int64_t free = free_.load(std::memory_order_relaxed);
  while (free > least) {
    // Acquire: the place was emptied before its credit came back.
    if (free_.compare_exchange_weak(free, free - 1, std::memory_order_acquire,
                                    std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

const Record* Ring::front() noexcept {
  const Slot& slot = slots_[head_ & mask_];
  return slot.turn.load(std::memory_order_acquire) == head_ + 1 ? &slot.record : nullptr;
}

void Ring::drop() noexcept { ++head_; }

void Ring::giveBack(std::size_t credits) noexcept {
  free_.fetch_add(static_cast<std::int64_t>(credits), std::memory_order_release);
}

}  // namespace audit_trail
