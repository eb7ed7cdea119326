// Subscribing: beginning, cancelling at the end of the period, taking that back, changing the plan.
// As with a purchase the rows are written first, then the provider is asked, then what it said is
// settled.
#pragma once
#include "base/clock.h"
#include "billing/purchases.h"
#include "billing/subscription.h"
#include "db/database.h"
#include "users/user.h"

#include <string>
#include <vector>

namespace reeld::billing {

class Subscriptions {
 public:
  /// Everything outlives this; without plans (nullptr) there is nothing to subscribe to.
  Subscriptions(db::Database& database, const Clock& clock, PlanProvider* plans,
                const Settlement& settlement, Purchases& purchases)
      : database_(database),
        clock_(clock),
        plans_(plans),
        settlement_(settlement),
        purchases_(purchases) {}

  struct Result {
    Subscription subscription;
    std::optional<Order> order;  ///< that was charged, or waits
  };

  /// Those for sale in the site's currency, the usual one first. Throws UNSUPPORTED.
  std::vector<Plan> plans();
  /// `plan` may be "": the usual one. A start that waits for the payment of another plan is given
  /// up for it. A subscription that was to end with its period goes on instead. Throws UNSUPPORTED,
  /// NOT_FOUND (no such plan), CONFLICT (already-subscribed, subscription-in-progress), DENIED
  /// (payment-declined), UNAVAILABLE (payment-unavailable).
  Result activate(const users::Viewer& viewer, const std::string& plan,
                  const std::string& request_key);
  /// It ends with its period; the second time nothing happens. Throws NOT_FOUND (not-subscribed).
  Subscription cancel(const users::Viewer& viewer);

  struct Offer {
    Plan plan;
    Quote quote;
    Subscription from;
  };
  /// Throws NOT_FOUND, CONFLICT (same-plan, plan-change).
  Offer quote(const users::Viewer& viewer, const std::string& plan);
  /// At once for what quote() says is due, or from the next period on. Throws what quote() and
  /// activate() throw. What a `request_key` began is the answer to it, whatever became of it.
  Result change(const users::Viewer& viewer, const std::string& plan,
                const std::string& request_key);

  struct Page {
    std::vector<Subscription> subscriptions;  ///< newest first
    std::int64_t total = 0;
  };
  Page listOf(std::int64_t user, std::int64_t skip, std::int64_t limit);

 private:
  struct Begun {
    Subscription subscription;
    std::optional<Order> order;
    bool is_ours = false;  ///< to charge
  };
  Plan planNamed(const std::string& id);
  Begun begin(db::Session& session, const users::Viewer& viewer, const Plan& plan,
              const std::string& request_key, EpochMs now);
  Begun beginAnew(db::Session& session, std::int64_t user, const Plan& plan,
                  const std::string& request_key, EpochMs now);
  Begun goOn(db::Session& session, const Subscription& pending, const Plan& plan,
             const std::string& request_key, EpochMs now);
  std::optional<Begun> findChange(db::Session& session, std::int64_t user,
                                  const std::string& request_key, EpochMs now);
  Result finish(const Begun& begun);
  Subscription requireLive(std::optional<Subscription> live) const;

  db::Database& database_;
  const Clock& clock_;
  PlanProvider* const plans_;
  const Settlement& settlement_;
  Purchases& purchases_;
};

/// The order that pays for a term of a subscription.
Order orderOfTerm(const Subscription& subscription, const Plan& plan, const std::string& term,
                  std::int64_t price_minor, const std::string& provider, EpochMs now);

}  // namespace reeld::billing
