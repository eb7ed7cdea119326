// Slows down who guesses: so many failures a minute are free, after them each try has to wait for
// 1, 2, 4 ... 60 seconds since the last failure. Never a sleep (the refusal is immediate), never a
// hard lock: refused tries lengthen the wait up to that minute and no further, so whoever waits is
// let try. Nothing here knows whether an account exists. Memory is fixed: a table of fingerprints,
// in which the idlest of a set gives way. In a cluster each daemon counts what it sees.
#pragma once
#include "base/clock.h"
#include "base/crypto.h"
#include "base/guarded.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace reeld::users {

/// Failures of many keys against one limit.
class FailureTable {
 public:
  /// `per_minute` 0 = nothing is ever refused.
  FailureTable(const Clock& clock, std::int64_t per_minute);

  /// Milliseconds to wait before a try under that key; 0 = go on. Asking too early costs: the wait
  /// grows.
  std::int64_t ask(std::string_view key);
  void failed(std::string_view key);
  void succeeded(std::string_view key);

 private:
  struct Bucket {
    std::uint64_t print = 0;  ///< of the key; 0 = empty
    std::int64_t count = 0;   ///< failures of this minute
    std::int64_t left = 0;    ///< milliseconds of this minute; it stands still during a wait
    std::int64_t last = 0;    ///< monotonic: of the last failure
    int step = 0;             ///< the wait is 2^(step-1) seconds; 0 = none
    bool told = false;        ///< somebody was refused since the last failure
  };
  static constexpr std::size_t Ways = 8;
  static constexpr std::size_t Sets = 1024;
  using Buckets = std::vector<Bucket>;

  std::uint64_t printOf(std::string_view key) const noexcept;
  /// The bucket of that fingerprint, or nullptr.
  static Bucket* find(Buckets& buckets, std::uint64_t print) noexcept;
  /// The same, or the idlest of its set, emptied.
  static Bucket& claim(Buckets& buckets, std::uint64_t print) noexcept;
  static std::int64_t blockedUntil(const Bucket& bucket) noexcept;
  static void forget(Bucket& bucket, std::int64_t now) noexcept;

  const Clock& clock_;
  const std::int64_t per_minute_;
  const HmacKey key_;
  Guarded<Buckets> buckets_;
};

struct ThrottleLimits {
  std::int64_t account_failures = 10;
  std::int64_t address_failures = 100;
  std::int64_t registrations = 30;
};

/// What signing in and registering ask. Each admit... throws EXHAUSTED (reason too-many-attempts)
/// with the time to wait.
class Throttle {
 public:
  Throttle(const Clock& clock, const ThrottleLimits& limits);

  /// Before a password is looked at. `account` is the name as given, whether anybody has it or not;
  /// `address` the client's.
  void admitPassword(std::string_view account, std::string_view address);
  void passwordFailed(std::string_view account, std::string_view address);
  /// Clears the account. The address keeps its count: its owner may know one password and guess
  /// others.
  void passwordSucceeded(std::string_view account);

  /// Before a registration, and counts it.
  void admitRegistration(std::string_view address);

 private:
  FailureTable accounts_;
  FailureTable addresses_;
  FailureTable registrations_;
};

}  // namespace reeld::users
