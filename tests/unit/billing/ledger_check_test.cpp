// The check of the ledger finds whatever is bent in it, on both engines.
#include "billing/ledger_check.h"

#include "billing/posting_list.h"
#include "billing/revenue.h"
#include "shop.h"

#include <limits>

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;

namespace {

struct Books : Shop {
  explicit Books(db::Dialect dialect) : Shop(dialect), paid(buy()) {
    video = forSale(500);
    refunded = refunds.refund(buy().id, creator.user_id);
  }
  std::vector<std::string> faults() {
    return LedgerCheck(*database, clock, sandbox.log, sandbox.metrics).run().faults;
  }
  Order paid;
  Order refunded;
};

struct Bend {
  const char* name;
  const char* sql;
  const char* found;
};
const Bend Bends[] = {
    {"an amount", "UPDATE ledger_postings SET amount_minor = amount_minor + 1 WHERE id = 2",
     "order:1:paid does not sum to zero"},
    {"a posting that is gone", "DELETE FROM ledger_postings WHERE id = 1",
     "order:1 was paid, and its price is not posted"},
    {"a price", "UPDATE orders SET price_minor = 998 WHERE id = 1",
     "order:1 was paid, and its price is not posted"},
    {"a reversal that is gone", "DELETE FROM ledger_postings WHERE entry = 'order:2:refunded'",
     "order:2 was refunded, and its postings are not reversed"},
    {"an order that is paid no more", "UPDATE orders SET state = 'expired' WHERE id = 1",
     "order:1:paid is posted, and its order was not paid"},
    {"a refund that is none", "UPDATE orders SET state = 'paid' WHERE id = 2",
     "order:2:refunded is posted, and its order was not paid"},
    {"a rate", "UPDATE ledger_postings SET rate_bp = 1000 WHERE id = 3",
     "order:1:paid is not shared as its rate says"},
    {"shares that add up",
     "UPDATE ledger_postings SET amount_minor = amount_minor + CASE id WHEN 2 "
     "THEN 1 ELSE -1 END WHERE id IN (2, 3)",
     "order:1:paid is not shared as its rate says"},
    {"a creator", "UPDATE orders SET creator_id = user_id WHERE id = 1",
     "order:1:paid is posted to another creator or currency"},
    {"a time of payment", "UPDATE orders SET paid_at = NULL WHERE id = 1",
     "order:1 opens its video, and was never paid"},
};

}  // namespace

TEST_CASE("the check finds nothing in what was written, and everything that was bent") {
  for (const auto dialect : engines()) {
    for (const Bend& bend : Bends) {
      DYNAMIC_SECTION(nameOf(dialect) << " " << bend.name) {
        Books books(dialect);
        CHECK(books.faults().empty());
        books.run(bend.sql);
        const auto found = books.faults();
        CHECK(std::find(found.begin(), found.end(), bend.found) != found.end());
      }
    }
  }
}

TEST_CASE("revenue and the list of postings are what the ledger says") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Books books(dialect);
      Revenue revenue(*books.database, "EUR");
      const TimeRange all{0, std::numeric_limits<EpochMs>::max()};
      const auto creator = revenue.ofCreator(books.creator.user_id, all);
      CHECK(creator.total.sales_minor == 999);
      CHECK(creator.total.creator_minor == 800);
      CHECK(creator.total.platform_minor == 199);
      CHECK(creator.days.size() == 1);
      CHECK(revenue.ofCreator(books.buyer.user_id, all).total.sales_minor == 0);
      CHECK(revenue.ofSite(all).total.sales_minor == 999);
      CHECK(revenue.ofSite({0, books.clock.now()}).total.sales_minor == 0);
      CHECK(Revenue(*books.database, "USD").ofSite(all).total.sales_minor == 0);
      const auto postings =
          books.database->read([](db::Session& session) { return listPostings(session, 3, 4); });
      REQUIRE(postings.size() == 4);
      CHECK(postings.front().entry == "order:2:paid");
      CHECK(postings.back().entry == "order:2:refunded");
    }
  }
}
