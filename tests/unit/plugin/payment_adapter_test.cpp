// The port of billing over a payment provider written in plain C, through a registry as the daemon
// has it.
#include "plugin/adapters/payment.h"
#include "world.h"

#include <reeld/kind/payment.h>

using namespace reeld;
using namespace reeld::test;
using PaymentVerdict = billing::PaymentAnswer::Verdict;

namespace {

billing::Charge chargeOf(const std::string& order) {
  return {.order = order,
          .key = "key",
          .customer = "user:1",
          .description = "film",
          .return_url = "",
          .amount = {999, "EUR"}};
}

}  // namespace

TEST_CASE("what a payment provider answers becomes a verdict, its events and its checkout") {
  World world;
  world.add(tiny("teller"));
  auto& registry = world.run({{"pay", "teller", true, {}}});
  const auto provider =
      plugin::adapters::paymentProvider(registry.require("pay", REELD_PAYMENT, "payment"), 24);
  CHECK(provider->name() == "pay");
  CHECK_FALSE(provider->canLookup());

  const auto paid = provider->charge(chargeOf("paid"));
  CHECK(paid.verdict == PaymentVerdict::Told);
  REQUIRE(paid.events.size() == 2);
  CHECK(paid.events[0].type == billing::PaymentEventType::Paid);
  CHECK(paid.events[0].id == "evt");
  CHECK(paid.events[0].order == "paid");
  CHECK(paid.events[0].amount == billing::Amount{999, "EUR"});
  CHECK(paid.events[1].type == billing::PaymentEventType::Unknown);

  const auto declined = provider->charge(chargeOf("declined"));
  CHECK(declined.verdict == PaymentVerdict::Declined);
  CHECK_THAT(declined.reason, ContainsSubstring("the card is empty"));

  const auto checkout = provider->charge(chargeOf("checkout"));
  REQUIRE(checkout.checkout);
  CHECK(checkout.checkout->url == "https://pay.example/1");

  CHECK(provider->charge(chargeOf("silent")).verdict == PaymentVerdict::Told);
  for (const char* order : {"away", "odd-event", "odd-url", "odd-status"}) {
    CAPTURE(order);
    const auto answer = provider->charge(chargeOf(order));
    CHECK(answer.verdict == PaymentVerdict::Unknown);
    CHECK(answer.events.empty());
    CHECK_FALSE(answer.checkout);
    CHECK_FALSE(answer.reason.empty());
  }
}

TEST_CASE("refunds and webhooks of a payment provider say what they mean") {
  World world;
  world.add(tiny("teller"));
  auto& registry = world.run({{"pay", "teller", true, {}}});
  const auto provider =
      plugin::adapters::paymentProvider(registry.require("pay", REELD_PAYMENT, "payment"), 24);
  CHECK(provider->refund("ref", "key", {5, "EUR"}).verdict == PaymentVerdict::Told);
  CHECK(provider->refund("later", "key", {5, "EUR"}).verdict == PaymentVerdict::Unknown);
  CHECK(provider->refund("other", "key", {5, "EUR"}).verdict == PaymentVerdict::Declined);
  const auto events = provider->webhook({{"X-Sign", "signed"}}, "body");
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == billing::PaymentEventType::Disputed);
  CHECK(provider->webhook({{"X-Sign", "signed"}}, "").empty());
  CHECK(codeThrown([&] { provider->webhook({}, "body"); }) == ErrorCode::Unauthenticated);
}

TEST_CASE("a payment provider that does not run is one of which nothing is known") {
  World world;
  auto& registry = world.run({{"pay", "nowhere", false, {}}});
  const auto provider =
      plugin::adapters::paymentProvider(registry.require("pay", REELD_PAYMENT, "payment"), 24);
  CHECK(provider->charge(chargeOf("paid")).verdict == PaymentVerdict::Unknown);
}
