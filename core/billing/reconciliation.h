// Goes on with what was left half done: asks providers what became of orders that nobody told of,
// gives up those that waited too long, sends back what is to be refunded, and forgets old
// Idempotency-Keys. At start, and then every few seconds, by one of the daemons on a database.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "billing/payment_provider.h"
#include "billing/refunds.h"
#include "billing/settlement.h"
#include "db/database.h"
#include "db/led_work.h"

namespace reeld::billing {

class Reconciliation {
 public:
  struct Parts {
    db::Database& database;
    const Clock& clock;
    const Log& log;
    const PaymentProviders& providers;
    const Settlement& settlement;
    Refunds& refunds;
    std::string node;
  };
  /// Everything in the parts outlives this.
  explicit Reconciliation(Parts parts);

  /// First takes back what this node was about when it died.
  void start();
  void stop() { work_.stop(); }

  struct Result {
    int expired = 0;
    int asked = 0;
    int refunded = 0;
  };
  /// One round; throws Error. Any one thread.
  Result run();

 private:
  int expire(EpochMs now);
  int ask(EpochMs now);
  int refund(EpochMs now);
  void ask(const Order& order, EpochMs now);

  const Parts parts_;
  std::int64_t rounds_ = 0;
  db::LedWork work_;
};

}  // namespace reeld::billing
