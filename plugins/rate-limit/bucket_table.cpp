#include "bucket_table.h"

#include <reeld/cpp/contain.hpp>

#include <sched.h>
#include <sys/random.h>

#include <algorithm>

namespace rate_limit {

namespace {

constexpr unsigned TimeBits = 48;
constexpr unsigned TagBits = 8;
constexpr std::uint64_t TimeMask = (std::uint64_t{1} << TimeBits) - 1;
constexpr std::uint64_t TagMask = (std::uint64_t{1} << TagBits) - 1;
/// Of a slot that changes its occupant; no caller has this tag.
constexpr std::uint64_t Changing = ~std::uint64_t{0};

constexpr std::uint8_t tagOf(std::uint64_t state) noexcept {
  return static_cast<std::uint8_t>(state >> TimeBits & TagMask);
}
constexpr std::int64_t timeOf(std::uint64_t state) noexcept {
  return static_cast<std::int64_t>(state & TimeMask);
}
constexpr std::uint64_t withTime(std::uint64_t state, std::int64_t time) noexcept {
  return (state & ~TimeMask) | (static_cast<std::uint64_t>(time) & TimeMask);
}
constexpr std::uint64_t nextOccupant(std::uint64_t state, std::uint8_t tag,
                                     std::int64_t time) noexcept {
  const std::uint64_t count = (state >> (TimeBits + TagBits)) + 1;
  return withTime(count << (TimeBits + TagBits) | std::uint64_t{tag} << TimeBits, time);
}

constexpr unsigned BucketBits = 6;
constexpr std::uint8_t tagFor(const Caller& caller, std::uint8_t bucket) noexcept {
  return static_cast<std::uint8_t>(static_cast<unsigned>(caller.kind) << BucketBits | bucket);
}

/// Both halves of a 128-bit product: every bit of the input reaches every bit of the output.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

void pause(unsigned round) noexcept {
  constexpr unsigned Spins = 64;
  if (round % Spins == Spins - 1) {
    sched_yield();  // who takes somebody in may have lost its processor
  }
}

}  // namespace

BucketTable::BucketTable() : sets_(Sets) {
  if (getrandom(seed_.data(), sizeof seed_, 0) != sizeof seed_) {
    throw reeld::sdk::Failure(REELD_INTERNAL, "the system gives no random numbers");
  }
}

BucketTable::Set& BucketTable::setOf(const Caller& caller, std::uint8_t tag) noexcept {
  const std::uint64_t hash =
      mixed(mixed(caller.number ^ seed_[0], seed_[1] | 1) ^ tag, 0x9e3779b97f4a7c15U ^ seed_[0]);
  return sets_[hash % Sets];
}

BucketTable::Found BucketTable::find(Set& set, const Caller& caller, std::uint8_t tag) noexcept {
  for (Slot& slot : set.slots) {
    const std::uint64_t state = slot.state.load(std::memory_order_acquire);
    if (tagOf(state) == tag && slot.number.load(std::memory_order_acquire) == caller.number &&
        slot.state.load(std::memory_order_acquire) == state) {
      return {&slot, state};
    }
  }
  return {};
}

/// False if he is there by now. No other newcomer is taken in meanwhile; those who are in the set
/// are charged beside it.
bool BucketTable::takeIn(Set& set, const Caller& caller, std::uint8_t tag, const Rate& rate,
                         std::int64_t now_us, Verdict& verdict) noexcept {
  for (;;) {
    if (find(set, caller, tag).slot != nullptr) {
      return false;
    }
    Slot* idlest = nullptr;
    std::uint64_t state = 0;
    for (Slot& slot : set.slots) {
      const std::uint64_t its = slot.state.load(std::memory_order_acquire);
      if (idlest == nullptr || timeOf(its) < timeOf(state)) {
        idlest = &slot;
        state = its;
      }
    }
    if (!idlest->state.compare_exchange_strong(state, Changing, std::memory_order_acq_rel)) {
      continue;
    }
    idlest->number.store(caller.number, std::memory_order_release);
    idlest->state.store(nextOccupant(state, tag, now_us + rate.intervalUs()),
                        std::memory_order_release);
    verdict = {true, rate.intervalUs(), timeOf(state) > now_us};
    return true;
  }
}

BucketTable::Verdict BucketTable::take(const Caller& caller, std::uint8_t bucket, const Rate& rate,
                                       std::int64_t now_us) noexcept {
  const std::uint8_t tag = tagFor(caller, bucket);
  Set& set = setOf(caller, tag);
  for (unsigned round = 0;; ++round) {
    Found found = find(set, caller, tag);
    if (found.slot != nullptr) {
      const std::int64_t owed = std::max<std::int64_t>(timeOf(found.state) - now_us, 0);
      if (owed > rate.toleranceUs()) {
        return {false, owed, false};
      }
      const std::int64_t after = owed + rate.intervalUs();
      if (found.slot->state.compare_exchange_weak(
              found.state, withTime(found.state, now_us + after), std::memory_order_acq_rel)) {
        return {true, after, false};
      }
    } else if (!set.taking_in.exchange(true, std::memory_order_acquire)) {
      Verdict verdict;
      const bool is_new = takeIn(set, caller, tag, rate, now_us, verdict);
      set.taking_in.store(false, std::memory_order_release);
      if (is_new) {
        return verdict;
      }
    } else {
      pause(round);
    }
  }
}

std::vector<BucketTable::Entry> BucketTable::entries(std::int64_t now_us) const {
  std::vector<Entry> all;
  for (const Set& set : sets_) {
    for (const Slot& slot : set.slots) {
      const std::uint64_t state = slot.state.load(std::memory_order_acquire);
      const std::uint64_t number = slot.number.load(std::memory_order_acquire);
      if (state == Changing || timeOf(state) <= now_us ||
          slot.state.load(std::memory_order_acquire) != state) {
        continue;
      }
      const std::uint8_t tag = tagOf(state);
      const auto kind = static_cast<Caller::Kind>(tag >> BucketBits);
      const auto bucket = static_cast<std::uint8_t>(tag & ((1U << BucketBits) - 1));
      all.push_back({{kind, number}, bucket, timeOf(state) - now_us});
    }
  }
  return all;
}

}  // namespace rate_limit
