// Whose an order is while a provider is asked: nobody's that is pending no more, and nobody's for
// longer than the call.
#include "shop.h"

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;
using Verdict = PaymentAnswer::Verdict;

TEST_CASE("an order that was paid is neither claimed nor sent to a checkout again") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Shop shop(dialect);
      const Order order = shop.buy();
      shop.database->transact([&](db::Session& session) {
        CHECK_FALSE(claimOrder(session, order.id, shop.clock.now(), "node"));
        noteCheckout(session, order.id, "another", "https://pay.example/late");
      });
      CHECK(shop.order(order.id).busy_until == 0);
      CHECK(shop.order(order.id).provider_ref == "ref-" + order.reference);
      CHECK_FALSE(shop.order(order.id).checkout_url);
    }
  }
}

TEST_CASE("an order whose charge told nothing that could be applied is not busy any more") {
  Shop shop(db::Dialect::Sqlite);
  shop.payments.short_by = 1;
  const Order order = shop.buy();
  CHECK(order.state == OrderState::Pending);
  CHECK(order.busy_until == 0);
  CHECK(shop.buy().id == order.id);
}
