// A site with plans to subscribe to.
#pragma once
#include "billing/ledger_check.h"
#include "billing/renewals.h"
#include "billing/subscribed_videos.h"
#include "billing/subscription_repository.h"
#include "billing/subscriptions.h"
#include "shop.h"

namespace reeld::test {

using namespace billing;

class FakePlans final : public PlanProvider {
 public:
  std::vector<Plan> plans() override {
    return {{"standard", "Standard", 30, 999, "EUR", "all"},
            {"year", "Year", 365, 9900, "EUR", "all"},
            {"small", "Small", 7, 100, "EUR", "all"},
            {"dollars", "Dollars", 7, 100, "USD", "all"}};
  }
  Quote quote(const PlanChange& change) override {
    return change.to == "year" ? Quote{8900, false} : Quote{0, true};
  }
};

struct Club : Shop {
  explicit Club(db::Dialect dialect = db::Dialect::Sqlite) : Shop(dialect) {}
  Subscription subscribe(const std::string& plan = "") {
    return subscriptions.activate(buyer, plan, "").subscription;
  }
  Subscription now() {
    return database
        ->read(
            [&](db::Session& session) { return listSubscriptionsOf(session, buyer.user_id, 0, 1); })
        .at(0);
  }
  bool opens() {
    return database->read([&](db::Session& session) {
      const auto found = catalog::findVideo(session, video);
      return subscribed.ask(session, buyer.user_id, found.value())().has_value();
    });
  }
  std::vector<std::string> faults() {
    return LedgerCheck(*database, clock, sandbox.log, sandbox.metrics).run().faults;
  }
  FakePlans plans;
  Subscriptions subscriptions{*database, clock, &plans, settlement, purchases};
  Renewals renewals{*database, clock, sandbox.log, settlement, purchases};
  SubscribedVideos subscribed{clock};
};

}  // namespace reeld::test
