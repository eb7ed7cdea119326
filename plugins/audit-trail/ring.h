// The way of records from the event loops to the writer: a ring of fixed size, many producers, one
// consumer, no lock and no allocation (Vyukov's bounded queue). A producer first takes a credit and
// then has a place for certain; credits come back when the writer has stored what was in them.
#pragma once
#include "record.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace audit_trail {

class Ring {
 public:
  /// A power of two.
  explicit Ring(std::size_t capacity);

  /// [hot] One place, if more than `left_over` are free.
  bool takeCredit(std::size_t left_over) noexcept;
  /// [hot] With a credit: the record is made in its place by fill(Record&).
  template <class Fill>
  void push(Fill&& fill) noexcept {
    const std::uint64_t ticket = tail_.fetch_add(1, std::memory_order_relaxed);
    Slot& slot = slots_[ticket & mask_];
    fill(slot.record);
    slot.turn.store(ticket + 1, std::memory_order_release);
  }

  /// The writer alone: the next record, nullptr if there is none yet; good until drop().
  const Record* front() noexcept;
  void drop() noexcept;
  /// The writer alone: so many places are free again.
  void giveBack(std::size_t credits) noexcept;

  std::size_t capacity() const noexcept { return slots_.size(); }
  std::size_t freePlaces() const noexcept {
    return static_cast<std::size_t>(free_.load(std::memory_order_relaxed));
  }

 private:
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> turn{0};  ///< the ticket whose record is in it, plus one
    Record record{};
  };
  std::vector<Slot> slots_;
  std::uint64_t mask_;
  std::uint64_t head_ = 0;
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  alignas(64) std::atomic<std::int64_t> free_;
};

}  // namespace audit_trail
