// Money for a term that was given up: taken where nothing followed, given back otherwise.
#include "club.h"

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;

namespace {

/// A change that waits at a checkout until it is given up.
struct Changing : Club {
  Changing() {
    subscribe();
    payments.checkout = true;
    given_up = change();
    clock.advance(PendingMs);
    reconciliation.run();
  }
  Order change() { return subscriptions.change(buyer, "year", "").order.value(); }
  Order given_up;
};

}  // namespace

TEST_CASE("late money for a change that nothing followed makes it happen") {
  Changing club;
  CHECK(club.take(club.event(club.given_up, PaymentEventType::Paid)) == Outcome::Applied);
  CHECK(club.now().plan.id == "year");
}

TEST_CASE("late money for a change is given back where another is paid, or open") {
  Changing club;
  SECTION("paid") {
    club.payments.checkout = false;
    club.change();
    const Subscription changed = club.now();
    CHECK(changed.plan.id == "year");
    CHECK(club.take(club.event(club.given_up, PaymentEventType::Paid)) == Outcome::RefundDue);
    CHECK(club.now().period_start == changed.period_start);
    CHECK(club.now().order_id == changed.order_id);
  }
  SECTION("open") {
    club.change();
    CHECK(club.take(club.event(club.given_up, PaymentEventType::Paid)) == Outcome::RefundDue);
    CHECK(club.now().plan.id == "standard");
  }
  CHECK(club.order(club.given_up.id).refund_at);
  club.reconciliation.run();
  CHECK(club.payments.refunded == std::vector<std::string>{"ref-" + club.given_up.reference});
  CHECK(club.faults().empty());
}
