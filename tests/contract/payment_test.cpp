// reeld.payment/1 of every bundled provider: what the host relies on when it has died in between.
#include "payment_held.h"

using namespace reeld;
using namespace reeld::test;

TEST_CASE("a charge with the same key moves money once and is answered alike") {
  for (const std::string& name : PaymentHeld::names()) {
    CAPTURE(name);
    PaymentHeld held(name);
    REQUIRE(held.status == REELD_OK);
    const auto first = held.charge("order-1", 999);
    const auto second = held.charge("order-1", 999);
    CHECK(first->status == REELD_OK);
    CHECK(second->status == REELD_OK);
    CHECK(first->events == second->events);
    CHECK(first->checkout == second->checkout);
    for (const HeldEvent& event : first->events) {
      CHECK(event.order == "order-1");
      CHECK(event.minor == 999);
      CHECK(event.currency == "EUR");
      CHECK_FALSE(event.id.empty());
      CHECK_FALSE(event.ref.empty());
    }
  }
}

TEST_CASE("a key that is used for another amount is refused") {
  for (const std::string& name : PaymentHeld::names()) {
    CAPTURE(name);
    PaymentHeld held(name);
    REQUIRE(held.charge("order-1", 999)->status == REELD_OK);
    const auto again = held.charge("order-1", 1000);
    CHECK(again->status == REELD_CONFLICT);
    CHECK(again->events.empty());
    CHECK_FALSE(again->said.empty());
  }
}

TEST_CASE("what is not signed is no webhook") {
  for (const std::string& name : PaymentHeld::names()) {
    CAPTURE(name);
    PaymentHeld held(name);
    for (const std::string& body : {std::string(), std::string("{}"), std::string(1000, '\0')}) {
      const auto answer = held.webhook("x-signature", "t=1,v1=0", body);
      CHECK(answer->status == REELD_DENIED);
      CHECK(answer->events.empty());
    }
  }
}

TEST_CASE("an order that was never charged is not found, one that was is told as it was") {
  for (const std::string& name : PaymentHeld::names()) {
    PaymentHeld held(name);
    if (!held.canLookup()) {
      continue;
    }
    CAPTURE(name);
    CHECK(held.lookup("order-1")->status == REELD_NOT_FOUND);
    const auto charged = held.charge("order-1", 999);
    const auto told = held.lookup("order-1");
    CHECK(told->status == REELD_OK);
    CHECK(told->events == charged->events);
  }
}
