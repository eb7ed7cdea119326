// Subscriptions whose period is over: renewed, tried again while grace lasts, or ended. Every few
// seconds, by one of the daemons on a database. Nobody watches a second longer if this is late: the
// access rule looks at the time itself.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "billing/purchases.h"
#include "billing/settlement.h"
#include "billing/subscription.h"
#include "db/database.h"
#include "db/led_work.h"

#include <set>
#include <string>

namespace reeld::billing {

class Renewals {
 public:
  /// Everything outlives this.
  Renewals(db::Database& database, const Clock& clock, const Log& log, const Settlement& settlement,
           Purchases& purchases);

  void start() { work_.start(); }
  void stop() { work_.stop(); }

  /// One round: how many were looked at. One that fails is put off and does not keep those behind
  /// it. Throws Error if the database does not answer. Any one thread.
  int run();

 private:
  /// The providers that did not answer in this round: the others need not wait for each again.
  using Silent = std::set<std::string>;
  void renew(SubscriptionId id, Silent& silent);
  std::optional<Order> lookAt(db::Session& session, SubscriptionId id, const Silent& silent,
                              EpochMs now);
  std::optional<Order> begin(db::Session& session, Subscription& subscription, const Silent& silent,
                             EpochMs now);

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  const Settlement& settlement_;
  Purchases& purchases_;
  db::LedWork work_;
};

}  // namespace reeld::billing
