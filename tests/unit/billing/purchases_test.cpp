// A purchase from the first row to the ledger, and what a provider that answers badly makes of it.
#include "billing/split.h"
#include "shop.h"

#include <random>

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;
using Verdict = PaymentAnswer::Verdict;

TEST_CASE("a purchase that is paid opens the video and is posted once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Shop shop(dialect);
      CHECK_FALSE(shop.isEntitled());
      const Order order = shop.buy();
      CHECK(order.state == OrderState::Paid);
      CHECK(order.price_minor == 999);
      CHECK(shop.isEntitled());
      CHECK(shop.sum("clearing") == -999);
      CHECK(shop.sum("creator") == 800);
      CHECK(shop.sum("platform") == 199);
      CHECK(reasonOf([&] { shop.buy(); }) == "already-purchased");
      CHECK(shop.payments.charges == 1);
      CHECK(shop.count("SELECT COUNT(*) FROM outbox WHERE type = 'order.paid'") == 1);
      const auto newest = shop.database->read([&](db::Session& session) {
        return shop.purchased.newest(session, shop.buyer.user_id, shop.video + 1, 10);
      });
      CHECK(newest == std::vector<catalog::VideoId>{shop.video});
    }
  }
}

TEST_CASE("a connection that is lost while the order is written costs neither order nor buyer") {
  if (postgresUrl() == nullptr) {
    return;
  }
  Shop shop(db::Dialect::Postgres);
  // A number is given once, whatever becomes of the transaction: the first order ends its own
  // connection.
  shop.run("CREATE SEQUENCE tries");
  shop.run(
      "CREATE FUNCTION end_first() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF "
      "nextval(''tries'') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN "
      "NEW; END'");
  shop.run("CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION end_first()");
  CHECK(shop.buy().state == OrderState::Paid);
  CHECK(shop.payments.charges == 1);
  CHECK(shop.count("SELECT COUNT(*) FROM orders") == 1);
  CHECK(shop.count("SELECT CAST(last_value AS BIGINT) FROM tries") == 2);
}

TEST_CASE("who may not buy is told why, and no order is written") {
  Shop shop(db::Dialect::Sqlite);
  const auto reason = [&](const users::Viewer& who) {
    return reasonOf([&] { shop.purchases.buy(who, shop.video, ""); });
  };
  CHECK(codeOf([&] { shop.purchases.buy(shop.buyer, 999, ""); }) == ErrorCode::NotFound);
  CHECK(reason(shop.creator) == "video-own");
  shop.run("UPDATE videos SET current_encoding = NULL");
  CHECK(reason(shop.buyer) == "video-not-ready");
  shop.run("UPDATE videos SET is_paid = 0, price_minor = NULL");
  CHECK(reason(shop.buyer) == "video-free");
  shop.run("UPDATE videos SET deleted_at = 1");
  CHECK(codeOf([&] { shop.buy(); }) == ErrorCode::NotFound);
  CHECK(shop.count("SELECT COUNT(*) FROM orders") == 0);
}

TEST_CASE("a purchase that was declined can be tried again, with an order of its own") {
  Shop shop(db::Dialect::Sqlite);
  shop.payments.verdict = Verdict::Declined;
  CHECK(reasonOf([&] { shop.buy(); }) == "payment-declined");
  CHECK_FALSE(shop.isEntitled());
  shop.payments.verdict = Verdict::Told;
  CHECK(shop.buy().state == OrderState::Paid);
  CHECK(shop.count("SELECT COUNT(*) FROM orders") == 2);
}

TEST_CASE("where nobody knows what became of a charge, the next try goes on with the same order") {
  Shop shop(db::Dialect::Sqlite);
  shop.payments.verdict = Verdict::Unknown;
  CHECK(reasonOf([&] { shop.buy(); }) == "payment-unavailable");
  shop.payments.verdict = Verdict::Told;
  CHECK(shop.buy().state == OrderState::Paid);
  CHECK(shop.count("SELECT COUNT(*) FROM orders") == 1);
  CHECK(shop.payments.taken.size() == 1);
}

TEST_CASE("an order that its daemon died on is asked about and settled, or tried by the buyer") {
  for (const bool had_charged : {true, false}) {
    Shop shop(db::Dialect::Sqlite);
    shop.payments.verdict = Verdict::Unknown;
    shop.payments.takes_silently = had_charged;
    CHECK(reasonOf([&] { shop.buy(); }) == "payment-unavailable");
    // As it is between the commit of the row and the answer.
    shop.run("UPDATE orders SET busy_until = 9000000000000, busy_by = 'node'");
    shop.payments.verdict = Verdict::Told;
    CHECK(reasonOf([&] { shop.buy(); }) == "purchase-in-progress");
    shop.database->transact([](db::Session& session) { releaseOrdersOf(session, "node"); });
    shop.reconciliation.run();
    CHECK(shop.isEntitled() == had_charged);
    if (!had_charged) {
      CHECK(shop.buy().state == OrderState::Paid);
    }
    CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 3);
  }
}

TEST_CASE("a buyer who has to go to a checkout gets the same one until it is given up") {
  Shop shop(db::Dialect::Sqlite);
  shop.payments.checkout = true;
  const Order first = shop.buy();
  CHECK(first.state == OrderState::Pending);
  CHECK(first.checkout_url == "https://pay.example/x");
  CHECK(shop.buy().id == first.id);
  CHECK(shop.payments.charges == 1);
  shop.clock.advance(PendingMs);
  const Order second = shop.buy();
  CHECK(second.id != first.id);
  CHECK(shop.order(first.id).state == OrderState::Expired);
}

TEST_CASE("a key answers with the order it began, whatever became of it") {
  Shop shop(db::Dialect::Sqlite);
  const Order order = shop.buy("key");
  CHECK(shop.buy("key").id == order.id);
  shop.refunds.refund(order.id, shop.creator.user_id);
  CHECK(shop.buy("key").state == OrderState::Refunded);
  CHECK(shop.buy("another").state == OrderState::Paid);
}

TEST_CASE("a refund reverses the ledger, ends the entitlement and revokes the grants") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Shop shop(dialect);
      const Order order = shop.buy();
      CHECK(shop.refunds.refund(order.id, shop.creator.user_id).state == OrderState::Refunded);
      CHECK_FALSE(shop.isEntitled());
      for (const char* kind : {"clearing", "creator", "platform"}) {
        CHECK(shop.sum(kind) == 0);
      }
      CHECK(shop.count("SELECT COUNT(*) FROM ledger_postings") == 6);
      CHECK(shop.count("SELECT COUNT(*) FROM revocations WHERE user_id = " +
                       std::to_string(shop.buyer.user_id) +
                       " AND video_id = " + std::to_string(shop.video)) == 1);
      CHECK(reasonOf([&] { shop.refunds.refund(order.id, 1); }) == "already-refunded");
      CHECK(shop.payments.refunds == 1);
    }
  }
}

TEST_CASE("a refund that cannot be done now is done later, one that is refused never") {
  Shop shop(db::Dialect::Sqlite);
  const Order order = shop.buy();
  shop.payments.refund_verdict = Verdict::Unknown;
  CHECK(reasonOf([&] { shop.refunds.refund(order.id, 1); }) == "payment-unavailable");
  CHECK(shop.isEntitled());
  shop.clock.advance(60'000);
  shop.payments.refund_verdict = Verdict::Declined;
  CHECK(shop.reconciliation.run().refunded == 1);
  CHECK_FALSE(shop.order(order.id).refund_at);
  CHECK(shop.order(order.id).state == OrderState::Paid);
  CHECK(reasonOf([&] { shop.refunds.refund(order.id, 1); }) == "refund-refused");
  shop.payments.refund_verdict = Verdict::Unknown;
  CHECK(reasonOf([&] { shop.refunds.refund(order.id, 1); }) == "payment-unavailable");
  shop.clock.advance(60'000);
  shop.payments.refund_verdict = Verdict::Told;
  shop.reconciliation.run();
  CHECK(shop.order(order.id).state == OrderState::Refunded);
}

TEST_CASE("splits and refunds of random prices and rates add up in the ledger") {
  Shop shop(db::Dialect::Sqlite);
  std::mt19937_64 random(1129);
  std::uniform_int_distribution<std::int64_t> prices(1, 99'999'999);
  std::uniform_int_distribution<std::int64_t> rates(0, 10'000);
  std::int64_t creator = 0, platform = 0;
  for (int i = 0; i < 60; ++i) {
    shop.video = shop.forSale(prices(random));
    Purchases purchases(*shop.database, shop.clock, shop.providers, shop.settlement,
                        {"EUR", rates(random), "", "node"});
    const Order order = purchases.buy(shop.buyer, shop.video, "");
    if (random() % 3 == 0) {
      shop.refunds.refund(order.id, shop.creator.user_id);
      continue;
    }
    const Shares shares = split(order.price_minor, order.creator_share_bp);
    creator += shares.creator_minor;
    platform += shares.platform_minor;
  }
  CHECK(shop.sum("creator") == creator);
  CHECK(shop.sum("platform") == platform);
  CHECK(shop.sum("clearing") == -creator - platform);
  CHECK(shop.count("SELECT COUNT(*) FROM (SELECT entry FROM ledger_postings GROUP BY entry HAVING "
                   "SUM(amount_minor) <> 0) uneven") == 0);
}
