// Buckets of callers in memory that never grows: sets of seven, in which the one that owes least
// gives way. A bucket is one number, the time at which it would be full again (GCRA, ITU-T I.371):
// N requests pass at once, then one more each Nth part of a minute. A request of a caller who is
// known costs one compare-and-swap; only newcomers of the same set wait for each other.
#pragma once
#include "caller.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rate_limit {

/// A limit, in the form that is reckoned with.
class Rate {
 public:
  /// `per_minute` is 1 to a million.
  explicit constexpr Rate(std::int64_t per_minute) noexcept
      : per_minute_(per_minute), interval_us_(MinuteUs / per_minute) {}

  constexpr std::int64_t perMinute() const noexcept { return per_minute_; }
  constexpr std::int64_t intervalUs() const noexcept { return interval_us_; }
  /// What may be owed before a request that passes.
  constexpr std::int64_t toleranceUs() const noexcept { return (per_minute_ - 1) * interval_us_; }
  /// Requests that would pass now.
  constexpr std::int64_t left(std::int64_t owed_us) const noexcept {
    return (per_minute_ * interval_us_ - owed_us) / interval_us_;
  }

 private:
  static constexpr std::int64_t MinuteUs = 60'000'000;
  std::int64_t per_minute_;
  std::int64_t interval_us_;
};

class BucketTable {
 public:
  static constexpr std::size_t Sets = 8192;
  static constexpr std::size_t Ways = 7;
  static constexpr std::uint8_t MostBuckets = 62;

  BucketTable();

  struct Verdict {
    bool passes = true;
    std::int64_t owed_us = 0;  ///< until the bucket is full again, this request included
    bool evicted = false;      ///< somebody who still owed was forgotten for this caller
  };
  /// [hot] One request at that time (CLOCK_MONOTONIC). `bucket` is below MostBuckets.
  Verdict take(const Caller& caller, std::uint8_t bucket, const Rate& rate,
               std::int64_t now_us) noexcept;

  struct Entry {
    Caller caller;
    std::uint8_t bucket = 0;
    std::int64_t owed_us = 0;
  };
  /// Everybody who owes something. Beside take(), so each entry is of its own moment.
  std::vector<Entry> entries(std::int64_t now_us) const;

 private:
  // A slot's state is one word: a count of its occupants (8 bits), kind and bucket (8), and the
  // time (48: nine years in microseconds). Whoever changes it read all of it before, so nobody
  // charges an occupant who has just given way. `number` belongs to the state that was the same
  // before and after it was read.
  struct Slot {
    std::atomic<std::uint64_t> state{0};
    std::atomic<std::uint64_t> number{0};
  };
  struct alignas(128) Set {
    std::array<Slot, Ways> slots;
    std::atomic<bool> taking_in{false};  ///< somebody brings a newcomer in
  };
  struct Found {
    Slot* slot = nullptr;
    std::uint64_t state = 0;
  };

  Set& setOf(const Caller& caller, std::uint8_t tag) noexcept;
  static Found find(Set& set, const Caller& caller, std::uint8_t tag) noexcept;
  static bool takeIn(Set& set, const Caller& caller, std::uint8_t tag, const Rate& rate,
                     std::int64_t now_us, Verdict& verdict) noexcept;

  std::vector<Set> sets_;
  std::array<std::uint64_t, 2> seed_{};  ///< so that nobody can choose whose set he shares
};

}  // namespace rate_limit
