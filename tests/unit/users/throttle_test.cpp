// Who guesses waits longer and longer; who waits is let try; memory stays what it is.
#include "users/throttle.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fixed_clock.h"

#include <memory>
#include <vector>

using namespace reeld;
using namespace reeld::test;
using users::FailureTable;
using users::PasswordTry;
using users::Throttle;

namespace {

/// Seconds to wait before the next password under that name, from that address; 0 = none.
int wait(Throttle& throttle, const std::string& name, const std::string& address = "192.0.2.1") {
  try {
    throttle.admitPassword(name, address);
    return 0;
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Exhausted);
    CHECK(error.reason() == "too-many-attempts");
    return static_cast<int>((error.retryAfterMs() + 999) / 1000);
  }
}

struct Door {
  explicit Door(users::ThrottleLimits limits) : throttle(clock, limits) { initCrypto(); }
  void fail(const std::string& name, int times = 1, const std::string& address = "192.0.2.1") {
    for (int i = 0; i < times; ++i) {
      PasswordTry(throttle, name, address).failed();
    }
  }
  FixedClock clock;
  Throttle throttle;
};

}  // namespace

TEST_CASE("ten failures are free, after them the wait grows with every further one") {
  Door door({.account_failures = 10, .address_failures = 0});
  for (int i = 0; i < 10; ++i) {
    CHECK(wait(door.throttle, "ann@example.org") == 0);
    door.fail("ann@example.org");
    door.clock.advance(50);  // each takes a while
  }
  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    CHECK(wait(door.throttle, "ann@example.org") == seconds);
    door.clock.advance(1000 * seconds);
    CHECK(wait(door.throttle, "ann@example.org") == 0);
    door.fail("ann@example.org");
  }
}

TEST_CASE(
    "who does not wait is told longer times, but is let try a minute after the last failure") {
  Door door({.account_failures = 10, .address_failures = 0});
  door.fail("ann@example.org", 10);
  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    CHECK(wait(door.throttle, "ann@example.org") == seconds);
  }
  door.clock.advance(59'999);
  CHECK(wait(door.throttle, "ann@example.org") == 1);
  door.clock.advance(1);
  CHECK(wait(door.throttle, "ann@example.org") == 0);
}

TEST_CASE("a success clears the name, in any spelling of case") {
  Door door({.account_failures = 2, .address_failures = 0});
  door.fail("ann@example.org", 2);
  CHECK(wait(door.throttle, "ANN@example.org") == 1);
  door.clock.advance(1000);
  PasswordTry(door.throttle, "Ann@Example.org", "192.0.2.1").succeeded();
  CHECK(wait(door.throttle, "ann@example.org") == 0);
  door.fail("ann@example.org");
  CHECK(wait(door.throttle, "ann@example.org") == 0);
}

TEST_CASE("fewer failures a minute than the limit are never refused, and a quiet minute clears") {
  Door door({.account_failures = 10, .address_failures = 0});
  for (int minute = 0; minute < 30; ++minute) {
    door.fail("ann@example.org", 9);
    CHECK(wait(door.throttle, "ann@example.org") == 0);
    door.clock.advance(60'000);
  }
  door.fail("ann@example.org", 10);
  CHECK(wait(door.throttle, "ann@example.org") == 1);
  door.clock.advance(61'000);
  door.fail("ann@example.org");
  CHECK(wait(door.throttle, "ann@example.org") == 0);
}

TEST_CASE("an address is counted over all names, IPv6 by its /64, and no success clears it") {
  Door door({.account_failures = 0, .address_failures = 3});
  door.fail("a@example.org", 1, "2001:db8::1");
  door.fail("b@example.org", 1, "2001:db8::ffff:1");
  door.fail("not an address", 1, "2001:db8:0:0:1::1");
  CHECK(wait(door.throttle, "c@example.org", "2001:db8::2") == 1);
  door.clock.advance(1000);
  PasswordTry(door.throttle, "a@example.org", "2001:db8::2").succeeded();
  door.fail("a@example.org", 1, "2001:db8::2");
  CHECK(wait(door.throttle, "c@example.org", "2001:db8::2") > 0);
  CHECK(wait(door.throttle, "c@example.org", "2001:db8:0:1::2") == 0);
  CHECK(wait(door.throttle, "c@example.org", "192.0.2.1") == 0);
}

TEST_CASE("of many tries at once as many go on as may still fail") {
  Door door({.account_failures = 10, .address_failures = 0});
  door.fail("ann@example.org", 4);
  std::vector<std::unique_ptr<PasswordTry>> tries;
  const auto begin = [&] {
    tries.push_back(std::make_unique<PasswordTry>(door.throttle, "ann@example.org", "192.0.2.1"));
  };
  for (int i = 0; i < 6; ++i) {
    begin();
  }
  CHECK_THROWS_AS(begin(), Error);
  CHECK(wait(door.throttle, "ann@example.org") == 1);
  CHECK(wait(door.throttle, "bob@example.org") == 0);
  tries.pop_back();  // it ended without a verdict
  begin();
  for (auto& one : tries) {
    one->failed();
  }
  CHECK(wait(door.throttle, "ann@example.org") == 1);
  // After the wait one is looked at, and the others wait for what becomes of it.
  door.clock.advance(1000);
  tries.clear();
  begin();
  CHECK(wait(door.throttle, "ann@example.org") == 2);
  tries[0]->succeeded();
  CHECK(wait(door.throttle, "ann@example.org") == 0);
}

TEST_CASE("what is under way counts with the failures of this minute alone") {
  Door door({.account_failures = 10, .address_failures = 0});
  door.fail("ann@example.org", 9);
  door.clock.advance(61'000);
  const PasswordTry first(door.throttle, "ann@example.org", "192.0.2.1");
  CHECK(wait(door.throttle, "ann@example.org") == 0);
}

TEST_CASE("a try that the address refuses is none of the account's") {
  Door door({.account_failures = 1, .address_failures = 1});
  door.fail("ann@example.org", 1, "192.0.2.1");
  CHECK_THROWS_AS(PasswordTry(door.throttle, "bob@example.org", "192.0.2.1"), Error);
  CHECK(wait(door.throttle, "bob@example.org", "192.0.2.2") == 0);
}

TEST_CASE("a success of one clears what was counted, not what others are about") {
  Door door({.account_failures = 2, .address_failures = 2});
  PasswordTry guess(door.throttle, "ann@example.org", "192.0.2.1");
  PasswordTry(door.throttle, "ann@example.org", "192.0.2.1").succeeded();
  PasswordTry other(door.throttle, "ann@example.org", "192.0.2.1");
  CHECK(wait(door.throttle, "ann@example.org", "192.0.2.2") == 1);
  CHECK(wait(door.throttle, "bob@example.org", "192.0.2.1") == 1);
  guess.failed();
  other.failed();
  CHECK(wait(door.throttle, "ann@example.org", "192.0.2.2") == 1);
}

TEST_CASE("registrations are counted by address") {
  Door door({.account_failures = 0, .address_failures = 0, .registrations = 30});
  const auto refused = [&](const std::string& address) {
    try {
      door.throttle.admitRegistration(address);
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  for (int i = 0; i < 30; ++i) {
    CHECK_FALSE(refused("192.0.2.1"));
  }
  CHECK(refused("192.0.2.1"));
  CHECK_FALSE(refused("192.0.2.2"));
  door.clock.advance(1000);
  CHECK_FALSE(refused("192.0.2.1"));
}

TEST_CASE("a limit of 0 refuses nobody") {
  Door door({.account_failures = 0, .address_failures = 0, .registrations = 0});
  door.fail("ann@example.org", 1000);
  CHECK(wait(door.throttle, "ann@example.org") == 0);
}

TEST_CASE("names without end do not push out the one under attack") {
  initCrypto();
  FixedClock clock;
  FailureTable table(clock, 5);
  for (int i = 0; i < 5; ++i) {
    table.failed("victim@example.org");
  }
  for (int i = 0; i < 8; ++i) {
    table.ask("victim@example.org");  // the wait is a minute now
  }
  for (int i = 0; i < 200'000; ++i) {
    table.failed("other" + std::to_string(i));
  }
  CHECK(table.ask("victim@example.org") > 0);
}

TEST_CASE("a name of a mebibyte is a name like any other") {
  Door door({.account_failures = 2, .address_failures = 0});
  door.fail(std::string(1 << 20, 'x'), 2);
  CHECK(wait(door.throttle, std::string(1 << 20, 'x')) == 1);
}
