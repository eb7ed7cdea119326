#include "users/throttle.h"

#include "base/error.h"
#include "users/email.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace reeld::users {

namespace {

constexpr std::int64_t MinuteMs = 60'000;
constexpr int LastStep = 7;  // 64 s, cut to 60
constexpr std::int64_t LongestWaitMs = 60'000;
// No address is longer; what a client sends may be.
constexpr std::size_t LongestName = 256;

std::int64_t waitOf(int step) noexcept {
  return step == 0 ? 0 : std::min<std::int64_t>(LongestWaitMs, std::int64_t{1000} << (step - 1));
}

std::string accountKey(std::string_view name) { return emailKey(name.substr(0, LongestName)); }

/// An IPv4 address itself, of IPv6 the /64 that one subscriber has.
std::string subscriberOf(std::string_view address) {
  std::string text(address);
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1 && !IN6_IS_ADDR_V4MAPPED(&v6)) {
    constexpr std::size_t NetworkBytes = 8;
    return {reinterpret_cast<const char*>(v6.s6_addr), NetworkBytes};
  }
  return text;
}

void demand(std::int64_t wait_ms) {
  if (wait_ms > 0) {
    throw Error(ErrorCode::Exhausted, "too many attempts: wait before the next one")
        .reason("too-many-attempts")
        .retryAfter(static_cast<std::uint32_t>(wait_ms));
  }
}

}  // namespace

FailureTable::FailureTable(const Clock& clock, std::int64_t per_minute)
    : clock_(clock),
      per_minute_(per_minute),
      key_(randomBytes(32)),
      buckets_(per_minute > 0 ? Ways * Sets : 0) {}

std::uint64_t FailureTable::printOf(std::string_view key) const noexcept {
  const Digest digest = key_.mac(key);
  std::uint64_t print = 0;
  std::memcpy(&print, digest.data(), sizeof print);
  return print == 0 ? 1 : print;
}

FailureTable::Bucket* FailureTable::find(Buckets& buckets, std::uint64_t print) noexcept {
  Bucket* const set = buckets.data() + print % Sets * Ways;
  Bucket* const end = set + Ways;
  Bucket* const found =
      std::find_if(set, end, [&](const Bucket& bucket) { return bucket.print == print; });
  return found == end ? nullptr : found;
}

FailureTable::Bucket& FailureTable::claim(Buckets& buckets, std::uint64_t print,
                                          std::int64_t now) noexcept {
  if (Bucket* const found = find(buckets, print)) {
    return *found;
  }
  Bucket* const set = buckets.data() + print % Sets * Ways;
  Bucket& idlest = *std::min_element(set, set + Ways, [](const Bucket& a, const Bucket& b) {
    return blockedUntil(a) < blockedUntil(b);
  });
  idlest = Bucket{.print = print, .last = now};
  return idlest;
}

/// It may have begun in a bucket that gave way meanwhile.
void FailureTable::end(Bucket& bucket) noexcept {
  bucket.begun = std::max<std::int64_t>(0, bucket.begun - 1);
}

/// Of an empty bucket the beginning of time, of one that is not blocked its last failure.
std::int64_t FailureTable::blockedUntil(const Bucket& bucket) noexcept {
  return bucket.last + waitOf(bucket.step);
}

/// A minute runs only outside the waits: sitting one out earns nothing.
bool FailureTable::isForgotten(const Bucket& bucket, std::int64_t now) noexcept {
  return bucket.left <= std::max<std::int64_t>(0, now - blockedUntil(bucket));
}

void FailureTable::forget(Bucket& bucket, std::int64_t now) noexcept {
  if (isForgotten(bucket, now)) {
    bucket.count = 0;
    bucket.step = 0;
    bucket.left = MinuteMs;
  } else {
    bucket.left -= std::max<std::int64_t>(0, now - blockedUntil(bucket));
  }
}

std::int64_t FailureTable::waitFor(Bucket& bucket, std::int64_t now) const noexcept {
  if (now < blockedUntil(bucket)) {
    // The first refusal tells the wait as it is; who does not keep to it is told the next longer
    // one.
    if (bucket.told) {
      bucket.step = std::min(bucket.step + 1, LastStep);
    }
    bucket.told = true;
    return blockedUntil(bucket) - now;
  }
  const bool is_forgotten = isForgotten(bucket, now);
  const std::int64_t count = (is_forgotten ? 0 : bucket.count) + bucket.begun;
  // What is under way may all fail, and the last of it would begin the next wait.
  return bucket.begun > 0 && count >= per_minute_ ? waitOf(is_forgotten ? 1 : bucket.step + 1) : 0;
}

std::int64_t FailureTable::ask(std::string_view key) {
  if (per_minute_ == 0) {
    return 0;
  }
  const std::uint64_t print = printOf(key);
  const std::int64_t now = clock_.monotonicMs();
  return buckets_.with([&](Buckets& buckets) -> std::int64_t {
    Bucket* const bucket = find(buckets, print);
    return bucket == nullptr ? 0 : waitFor(*bucket, now);
  });
}

std::int64_t FailureTable::begin(std::string_view key) {
  if (per_minute_ == 0) {
    return 0;
  }
  const std::uint64_t print = printOf(key);
  const std::int64_t now = clock_.monotonicMs();
  return buckets_.with([&](Buckets& buckets) {
    Bucket& bucket = claim(buckets, print, now);
    const std::int64_t wait = waitFor(bucket, now);
    bucket.begun += wait == 0 ? 1 : 0;
    return wait;
  });
}

void FailureTable::failed(std::string_view key) {
  if (per_minute_ == 0) {
    return;
  }
  const std::uint64_t print = printOf(key);
  const std::int64_t now = clock_.monotonicMs();
  buckets_.with([&](Buckets& buckets) {
    Bucket& bucket = claim(buckets, print, now);
    end(bucket);
    forget(bucket, now);
    bucket.last = now;
    if (++bucket.count >= per_minute_) {
      bucket.step = std::min(bucket.step + 1, LastStep);
    }
    bucket.told = false;
  });
}

void FailureTable::succeeded(std::string_view key) {
  if (per_minute_ == 0) {
    return;
  }
  const std::uint64_t print = printOf(key);
  buckets_.with([&](Buckets& buckets) {
    if (Bucket* const bucket = find(buckets, print)) {
      end(*bucket);
      const std::int64_t begun = bucket->begun;
      *bucket = begun == 0 ? Bucket{} : Bucket{.print = print, .begun = begun};
    }
  });
}

void FailureTable::dropped(std::string_view key) {
  if (per_minute_ == 0) {
    return;
  }
  const std::uint64_t print = printOf(key);
  buckets_.with([&](Buckets& buckets) {
    if (Bucket* const bucket = find(buckets, print)) {
      end(*bucket);
      if (bucket->begun == 0 && bucket->count == 0) {
        *bucket = Bucket{};
      }
    }
  });
}

Throttle::Throttle(const Clock& clock, const ThrottleLimits& limits)
    : accounts_(clock, limits.account_failures),
      addresses_(clock, limits.address_failures),
      registrations_(clock, limits.registrations) {}

void Throttle::admitPassword(std::string_view account, std::string_view address) {
  demand(accounts_.ask(accountKey(account)));
  demand(addresses_.ask(subscriberOf(address)));
}

void Throttle::admitRegistration(std::string_view address) {
  const std::string subscriber = subscriberOf(address);
  demand(registrations_.begin(subscriber));
  registrations_.failed(subscriber);
}

PasswordTry::PasswordTry(Throttle& throttle, std::string_view account, std::string_view address)
    : throttle_(throttle), account_(accountKey(account)), subscriber_(subscriberOf(address)) {
  demand(throttle_.accounts_.begin(account_));
  if (const std::int64_t wait = throttle_.addresses_.begin(subscriber_); wait > 0) {
    throttle_.accounts_.dropped(account_);
    demand(wait);
  }
}

PasswordTry::~PasswordTry() {
  if (!is_judged_) {
    throttle_.accounts_.dropped(account_);
    throttle_.addresses_.dropped(subscriber_);
  }
}

void PasswordTry::failed() {
  is_judged_ = true;
  throttle_.accounts_.failed(account_);
  throttle_.addresses_.failed(subscriber_);
}

void PasswordTry::succeeded() {
  is_judged_ = true;
  throttle_.accounts_.succeeded(account_);
  throttle_.addresses_.dropped(subscriber_);
}

}  // namespace reeld::users
