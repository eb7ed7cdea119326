// What providers tell: once, of our orders, of the right amount, in any order; and what comes late.
#include "shop.h"

#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;
using Type = PaymentEventType;

namespace {

struct Waiting : Shop {
  explicit Waiting(db::Dialect dialect = db::Dialect::Sqlite) : Shop(dialect) {
    payments.checkout = true;
    begun = buy();
  }
  OrderState state() { return order(begun.id).state; }
  Order begun;
};

}  // namespace

TEST_CASE("an event counts once, however often it comes") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Waiting shop(dialect);
      const PaymentEvent paid = shop.event(shop.begun, Type::Paid);
      CHECK(shop.take(paid) == Outcome::Applied);
      CHECK(shop.take(paid) == Outcome::Repeated);
      CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 3);
      // The same news under another id changes nothing either.
      PaymentEvent again = paid;
      again.id = "another";
      CHECK(shop.take(again) == Outcome::Ignored);
    }
  }
}

TEST_CASE("an event that is told many times at once counts once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Waiting shop(dialect);
      const PaymentEvent paid = shop.event(shop.begun, Type::Paid);
      PaymentEvent stray = paid;
      stray.id = "stray";
      stray.order = "nobody";
      const auto told = [&](const PaymentEvent& event, const Order* presumed) {
        return shop.database->transactByLocks([&](db::Session& session) {
          return shop.settlement.take(session, "sandbox", event, shop.clock.now(), presumed);
        });
      };
      std::array<std::atomic<int>, 8> outcomes{};
      std::atomic<int> strays{0};
      std::vector<std::jthread> threads;
      for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
          const auto outcome = told(paid, i % 2 == 0 ? &shop.begun : nullptr);
          ++outcomes.at(static_cast<std::size_t>(outcome));
          strays += told(stray, nullptr) == Outcome::UnknownOrder ? 1 : 0;
        });
      }
      threads.clear();
      CHECK(outcomes.at(static_cast<std::size_t>(Outcome::Applied)) == 1);
      CHECK(outcomes.at(static_cast<std::size_t>(Outcome::Repeated)) == 7);
      CHECK(strays == 1);
      CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 3);
      CHECK(shop.order(shop.begun.id).state == OrderState::Paid);
    }
  }
}

TEST_CASE("one event for two orders is no payment of the second") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Waiting shop(dialect);
      shop.video = shop.forSale(999);
      const Order second = shop.buy();
      PaymentEvent event = shop.event(shop.begun, Type::Paid);
      CHECK(shop.take(event) == Outcome::Applied);
      event.order = second.reference;
      CHECK(shop.take(event) == Outcome::Repeated);
      CHECK(shop.order(second.id).state == OrderState::Pending);
    }
  }
}

TEST_CASE("an event of nobody's order, another provider's or another amount is not applied") {
  Waiting shop;
  PaymentEvent event = shop.event(shop.begun, Type::Paid);
  event.amount.minor = 998;
  CHECK(shop.take(event) == Outcome::Mismatch);
  event = shop.event(shop.begun, Type::Paid);
  event.id = "currency";
  event.amount.currency = "USD";
  CHECK(shop.take(event) == Outcome::Mismatch);
  event = shop.event(shop.begun, Type::Paid);
  event.id = "nobody";
  event.order = "nobody";
  CHECK(shop.take(event) == Outcome::UnknownOrder);
  event = shop.event(shop.begun, Type::Paid);
  event.id = "right";
  CHECK(shop.database->transact([&](db::Session& session) {
    return shop.settlement.take(session, "other", event, shop.clock.now());
  }) == Outcome::UnknownOrder);
  CHECK(shop.state() == OrderState::Pending);
  CHECK(shop.take(event) == Outcome::Applied);
}

TEST_CASE("what presumes a payment waits for it, in the order it happened") {
  Waiting shop;
  PaymentEvent refunded = shop.event(shop.begun, Type::Refunded);
  PaymentEvent disputed = shop.event(shop.begun, Type::Disputed);
  disputed.at = 2;
  refunded.at = 3;
  CHECK(shop.take(refunded) == Outcome::Early);
  CHECK(shop.take(disputed) == Outcome::Early);
  CHECK(shop.state() == OrderState::Pending);
  CHECK(shop.take(shop.event(shop.begun, Type::Paid)) == Outcome::Applied);
  CHECK(shop.state() == OrderState::Refunded);
  CHECK(shop.sum("creator") == 0);
  CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 6);
}

TEST_CASE("a dispute shuts out, and is won or lost") {
  Waiting shop;
  shop.take(shop.event(shop.begun, Type::Paid));
  CHECK(shop.isEntitled());
  shop.take(shop.event(shop.begun, Type::Disputed));
  CHECK_FALSE(shop.isEntitled());
  CHECK(reasonOf([&] { shop.buy(); }) == "purchase-disputed");
  PaymentEvent won = shop.event(shop.begun, Type::Paid);
  won.id = "won";
  CHECK(shop.take(won) == Outcome::Applied);
  CHECK(shop.isEntitled());
  CHECK(shop.sum("creator") == 800);
}

TEST_CASE("money for a video that was deleted while its buyer was at the checkout goes back") {
  Waiting shop;
  shop.run("UPDATE videos SET deleted_at = 1");
  CHECK(shop.take(shop.event(shop.begun, Type::Paid)) == Outcome::RefundDue);
  CHECK(shop.state() == OrderState::Expired);
  CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 0);
  shop.reconciliation.run();
  CHECK(shop.payments.refunded == std::vector<std::string>{"ref-" + shop.begun.reference});
}

TEST_CASE("money that bought nothing is offered to its provider until it is given back") {
  Waiting shop;
  shop.run("UPDATE videos SET deleted_at = 1");
  shop.take(shop.event(shop.begun, Type::Paid));
  shop.payments.refund_verdict = PaymentAnswer::Verdict::Declined;
  shop.reconciliation.run();
  CHECK(shop.order(shop.begun.id).refund_at == shop.clock.now() + 3'600'000);
  CHECK(reasonOf([&] { shop.refunds.refund(shop.begun.id, 1); }) == "refund-refused");
  CHECK(shop.order(shop.begun.id).refund_at);
  shop.payments.refund_verdict = PaymentAnswer::Verdict::Told;
  SECTION("each hour") {
    shop.clock.advance(3'600'000);
    CHECK(shop.reconciliation.run().refunded == 1);
  }
  SECTION("or when an administrator says so") {
    CHECK(shop.refunds.refund(shop.begun.id, 1).id == shop.begun.id);
  }
  CHECK_FALSE(shop.order(shop.begun.id).refund_at);
  CHECK(shop.state() == OrderState::Expired);
  CHECK(reasonOf([&] { shop.refunds.refund(shop.begun.id, 1); }) == "not-refundable");
}

TEST_CASE("late money buys what can still be had, and goes back otherwise") {
  Waiting shop;
  shop.clock.advance(PendingMs);
  CHECK(shop.reconciliation.run().expired == 1);
  SECTION("nobody bought meanwhile") {
    CHECK(shop.take(shop.event(shop.begun, Type::Paid)) == Outcome::Applied);
    CHECK(shop.isEntitled());
  }
  SECTION("it was bought again") {
    const Order second = shop.buy();
    CHECK(second.id != shop.begun.id);
    CHECK(shop.take(shop.event(shop.begun, Type::Paid)) == Outcome::RefundDue);
    shop.reconciliation.run();
    CHECK(shop.payments.refunded == std::vector<std::string>{"ref-" + shop.begun.reference});
    CHECK(shop.state() == OrderState::Expired);
    CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 0);
    shop.reconciliation.run();
    CHECK(shop.payments.refunds == 1);
  }
  SECTION("the video is gone") {
    shop.run("UPDATE videos SET deleted_at = 1");
    CHECK(shop.take(shop.event(shop.begun, Type::Paid)) == Outcome::RefundDue);
  }
}

TEST_CASE("an order of a provider that is away is given up in time, and still asked about") {
  Waiting shop;
  shop.payments.lookup_verdict = PaymentAnswer::Verdict::Unknown;
  shop.clock.advance(PendingMs);
  shop.reconciliation.run();
  CHECK(shop.state() == OrderState::Expired);
  shop.payments.lookup_verdict = PaymentAnswer::Verdict::Told;
  shop.payments.taken[shop.begun.reference] = {999, "EUR"};
  shop.clock.advance(3'600'000);
  shop.reconciliation.run();
  CHECK(shop.state() == OrderState::Paid);
  CHECK(shop.reconciliation.run().asked == 0);
}

TEST_CASE("what a provider has said its last word of is asked about no more") {
  Waiting shop;
  shop.clock.advance(PendingMs);
  shop.reconciliation.run();
  const int lookups = shop.payments.lookups;
  shop.clock.advance(86'400'000);
  CHECK(shop.reconciliation.run().asked == 0);
  CHECK(shop.payments.lookups == lookups);
}

TEST_CASE("a webhook is recorded, applied and repeated without effect") {
  Waiting shop;
  shop.payments.events = {shop.event(shop.begun, Type::Paid)};
  CHECK(shop.hooks.take("sandbox", {}, "") == 1);
  CHECK(shop.hooks.take("sandbox", {}, "") == 0);
  CHECK(codeOf([&] { shop.hooks.take("nobody", {}, ""); }) == ErrorCode::NotFound);
}
