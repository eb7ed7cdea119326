// Rounds over many: one that fails keeps nobody waiting, and a provider that does not answer is
// waited for once.
#include "club.h"

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;
using Verdict = PaymentAnswer::Verdict;

namespace {

/// Two buyers of one video whose orders nobody told of.
struct Two : Shop {
  Two() : Shop(db::Dialect::Sqlite), other(viewer("other@example.org", users::Role::Viewer)) {
    payments.verdict = Verdict::Unknown;
    payments.takes_silently = true;
    CHECK(reasonOf([&] { buy(); }) == "payment-unavailable");
    CHECK(reasonOf([&] { purchases.buy(other, video, ""); }) == "payment-unavailable");
    clock.advance(BusyMs);
    first = count("SELECT MIN(id) FROM orders");
    second = count("SELECT MAX(id) FROM orders");
  }
  users::Viewer other;
  OrderId first = 0;
  OrderId second = 0;
};

struct TwoMembers : Club {
  TwoMembers() : other(viewer("other@example.org", users::Role::Viewer)) {
    subscribe();
    subscriptions.activate(other, "", "");
    first = count("SELECT MIN(id) FROM subscriptions");
    second = count("SELECT MAX(id) FROM subscriptions");
    clock.advance(30 * DayMs);
  }
  std::string state(SubscriptionId id) {
    return std::string(word(
        database->read([&](db::Session& session) { return findSubscriptionForUpdate(session, id); })
            .value()
            .state));
  }
  users::Viewer other;
  SubscriptionId first = 0;
  SubscriptionId second = 0;
};

}  // namespace

TEST_CASE("an order that cannot be asked about does not keep those behind it") {
  Two shop;
  shop.payments.throws_at = shop.order(shop.first).reference;
  CHECK(shop.reconciliation.run().asked == 1);
  CHECK(shop.order(shop.first).state == OrderState::Pending);
  CHECK(shop.order(shop.second).state == OrderState::Paid);
  const int lookups = shop.payments.lookups;
  shop.reconciliation.run();
  CHECK(shop.payments.lookups == lookups);
  shop.payments.throws_at.clear();
  shop.clock.advance(300'000);
  shop.reconciliation.run();
  CHECK(shop.order(shop.first).state == OrderState::Paid);
}

TEST_CASE("a provider that does not answer is asked about one order in a round") {
  Two shop;
  shop.payments.lookup_verdict = Verdict::Unknown;
  CHECK(shop.reconciliation.run().asked == 1);
  CHECK(shop.payments.lookups == 1);
  // The next round begins with the other.
  shop.clock.advance(2'000);
  shop.payments.lookup_verdict = Verdict::Told;
  shop.reconciliation.run();
  CHECK(shop.order(shop.second).state == OrderState::Paid);
}

TEST_CASE("a subscription that cannot be read does not keep those behind it") {
  TwoMembers club;
  const std::string broken = " WHERE id = " + std::to_string(club.first);
  club.run("UPDATE subscriptions SET next_plan = '{}'" + broken);
  CHECK(club.renewals.run() == 2);
  CHECK(club.state(club.second) == "active");
  CHECK(club.payments.charges == 3);
  CHECK(club.renewals.run() == 0);
  club.run("UPDATE subscriptions SET next_plan = NULL" + broken);
  club.clock.advance(600'000);
  club.renewals.run();
  CHECK(club.payments.charges == 4);
}

TEST_CASE("a provider that does not answer is asked for one renewal in a round") {
  TwoMembers club;
  club.payments.verdict = Verdict::Unknown;
  CHECK(club.renewals.run() == 2);
  CHECK(club.payments.charges == 3);
  CHECK(club.state(club.second) == "grace");
  club.clock.advance(2'000);
  club.payments.verdict = Verdict::Told;
  club.renewals.run();
  CHECK(club.state(club.second) == "active");
}

TEST_CASE("a period that no provider is there to renew is not paid, and grace runs") {
  TwoMembers club;
  club.providers.chosen.clear();
  CHECK(club.renewals.run() == 2);
  CHECK(club.state(club.first) == "grace");
  CHECK(club.opens());
  club.providers.chosen = "sandbox";
  club.clock.advance(60'000);
  club.renewals.run();
  CHECK(club.state(club.first) == "active");
  club.providers.chosen.clear();
  club.clock.advance(30 * DayMs);
  club.renewals.run();
  club.clock.advance(GraceMs);
  club.renewals.run();
  CHECK(club.state(club.first) == "ended");
}
