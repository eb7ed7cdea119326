// Another plan than the one that is being paid for, and the key that chose it.
#include "club.h"

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;
using Verdict = PaymentAnswer::Verdict;
using S = SubscriptionState;

TEST_CASE("who chooses another plan at the checkout gets that one, under the key of the request") {
  Club club;
  club.payments.checkout = true;
  const auto first = club.subscriptions.activate(club.buyer, "standard", "one");
  const auto second = club.subscriptions.activate(club.buyer, "year", "two");
  CHECK(second.subscription.id != first.subscription.id);
  CHECK(second.subscription.plan.id == "year");
  CHECK(second.order->price_minor == 9900);
  CHECK(second.order->request_key == "two");
  CHECK(club.order(first.order->id).state == OrderState::Expired);
  CHECK(club.subscriptions.activate(club.buyer, "year", "three").order->id == second.order->id);
  CHECK(club.take(club.event(*first.order, PaymentEventType::Paid)) == Outcome::RefundDue);
  CHECK(club.take(club.event(*second.order, PaymentEventType::Paid)) == Outcome::Applied);
  CHECK(club.now().plan.id == "year");
}

TEST_CASE("another plan waits while a provider is being asked about the first") {
  Club club;
  club.payments.verdict = Verdict::Unknown;
  CHECK(reasonOf([&] { club.subscribe("standard"); }) == "payment-unavailable");
  club.run("UPDATE orders SET busy_until = 9000000000000");
  CHECK(reasonOf([&] { club.subscribe("year"); }) == "subscription-in-progress");
  CHECK(club.now().plan.id == "standard");
}

TEST_CASE("a start that waited too long begins anew under the key of the request") {
  Club club;
  club.payments.checkout = true;
  club.subscribe();
  club.clock.advance(PendingMs);
  const auto anew = club.subscriptions.activate(club.buyer, "", "key");
  CHECK(anew.order->request_key == "key");
  CHECK(anew.order->created_at == club.clock.now());
}

TEST_CASE("a subscription that was cancelled renews again once its change is paid, not before") {
  Club club;
  club.subscribe();
  club.subscriptions.cancel(club.buyer);
  club.payments.verdict = Verdict::Declined;
  CHECK(reasonOf([&] { club.subscriptions.change(club.buyer, "year", ""); }) == "payment-declined");
  CHECK_FALSE(club.now().renews);
  club.payments.verdict = Verdict::Told;
  CHECK(club.subscriptions.change(club.buyer, "year", "").subscription.renews);
  CHECK(club.now().renews);
}

TEST_CASE("a key answers with the change it began") {
  Club club;
  club.subscribe();
  club.payments.verdict = Verdict::Unknown;
  const auto change = [&] { return club.subscriptions.change(club.buyer, "year", "key"); };
  CHECK(reasonOf(change) == "payment-unavailable");
  club.payments.verdict = Verdict::Told;
  const auto changed = change();
  CHECK(changed.subscription.plan.id == "year");
  CHECK(change().order->id == changed.order->id);
  CHECK(club.payments.charges == 3);
  CHECK(club.count("SELECT COUNT(*) FROM orders WHERE term = 'change'") == 1);
  SECTION("and with its refusal") {
    club.payments.verdict = Verdict::Declined;
    club.refunds.refund(changed.order->id, 1);
    CHECK(change().order->state == OrderState::Refunded);
  }
}
