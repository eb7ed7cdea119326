// Slows down who guesses: so many failures a minute are free, after them each try has to wait for
// 1, 2, 4 ... 60 seconds since the last failure. Never a sleep (the refusal is immediate), never a
// hard lock: refused tries lengthen the wait up to that minute and no further, so whoever waits is
// let try. Of many tries at once as many go on as may still fail: each is counted when it begins.
// Nothing here knows whether an account exists. Memory is fixed: a table of fingerprints, in which
// the idlest of a set gives way. In a cluster each daemon counts what it sees.
#pragma once
#include "base/clock.h"
#include "base/crypto.h"
#include "base/guarded.h"

#include <array>
#include <cstdint>
#include <string>
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
  /// The same, and if it is 0 a try has begun: one of the three below ends it.
  std::int64_t begin(std::string_view key);
  void failed(std::string_view key);
  /// Clears what was counted.
  void succeeded(std::string_view key);
  /// Neither: as if it had not begun.
  void dropped(std::string_view key);

 private:
  struct Bucket {
    std::uint64_t print = 0;  ///< of the key; 0 = empty
    std::int64_t count = 0;   ///< failures of this minute
    std::int64_t left = 0;    ///< milliseconds of this minute; it stands still during a wait
    std::int64_t last = 0;    ///< monotonic: of the last failure
    int step = 0;             ///< the wait is 2^(step-1) seconds; 0 = none
    std::int64_t begun = 0;   ///< tries under way
    bool told = false;        ///< somebody was refused since the last failure
  };
  static constexpr std::size_t Ways = 8;
  static constexpr std::size_t Sets = 1024;
  using Buckets = std::vector<Bucket>;

  std::uint64_t printOf(std::string_view key) const noexcept;
  /// The bucket of that fingerprint, or nullptr.
  static Bucket* find(Buckets& buckets, std::uint64_t print) noexcept;
  /// The same, or the idlest of its set, emptied.
  static Bucket& claim(Buckets& buckets, std::uint64_t print, std::int64_t now) noexcept;
  static void end(Bucket& bucket) noexcept;
  static std::int64_t blockedUntil(const Bucket& bucket) noexcept;
  static bool isForgotten(const Bucket& bucket, std::int64_t now) noexcept;
  std::int64_t waitFor(Bucket& bucket, std::int64_t now) const noexcept;
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

/// What signing in and registering ask. What refuses throws EXHAUSTED (reason too-many-attempts)
/// with the time to wait.
class Throttle {
 public:
  Throttle(const Clock& clock, const ThrottleLimits& limits);

  /// Before anything is done about a password: whether PasswordTry would throw now. `account` is
  /// the name as given, whether anybody has it or not; `address` the client's.
  void admitPassword(std::string_view account, std::string_view address);

  /// Before a registration, and counts it.
  void admitRegistration(std::string_view address);

 private:
  friend class PasswordTry;
  FailureTable accounts_;
  FailureTable addresses_;
  FailureTable registrations_;
};

/// One look at a password, from before it until the verdict. Without a verdict, because of an error
/// on the way, it counts for nothing.
class PasswordTry {
 public:
  /// Refuses as admitPassword() does; otherwise the try is counted with those that fail.
  PasswordTry(Throttle& throttle, std::string_view account, std::string_view address);
  ~PasswordTry();
  PasswordTry(const PasswordTry&) = delete;
  PasswordTry& operator=(const PasswordTry&) = delete;

  void failed();
  /// Clears the account. The address keeps its count: its owner may know one password and guess
  /// others.
  void succeeded();

 private:
  Throttle& throttle_;
  const std::string account_;
  const std::string subscriber_;
  bool is_judged_ = false;
};

}  // namespace reeld::users
