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

#include <functional>
#include <set>
#include <string>
#include <vector>

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
  /// One round. An order that fails is put off and does not keep those behind it. Throws Error if
  /// the database does not answer. Any one thread.
  Result run();

 private:
  /// The providers that did not answer in this round: the others need not wait for each again.
  using Silent = std::set<std::string>;
  struct Task {
    const char* failure;  ///< what the log says
    std::vector<Order> (*due)(db::Session&, EpochMs now, std::int64_t limit);
    /// Whether it is done.
    std::function<bool(const Order&, EpochMs now)> work;
    void (*put_off)(db::Session&, OrderId, EpochMs at);
  };
  int each(const Task& task);
  /// Behind the others; what fails of that is logged.
  void putOff(const Task& task, const Order& order);
  bool giveUp(const Order& order, EpochMs now);
  bool ask(const Order& order, Silent& silent, EpochMs now);
  bool refund(const Order& order, Silent& silent, EpochMs now);

  const Parts parts_;
  std::int64_t rounds_ = 0;
  db::LedWork work_;
};

}  // namespace reeld::billing
