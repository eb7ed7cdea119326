// Giving the money of an order back, in full: what is to be done is written first, then the
// provider is asked, then the ledger is reversed and the buyer's grants end. A provider that is
// down, or a daemon that dies, delays it: reconciliation.h goes on.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "billing/order.h"
#include "billing/payment_provider.h"
#include "billing/settlement.h"
#include "db/database.h"

namespace reeld::billing {

class Refunds {
 public:
  /// Everything outlives this.
  Refunds(db::Database& database, const Clock& clock, const Log& log,
          const PaymentProviders& providers, const Settlement& settlement)
      : database_(database),
        clock_(clock),
        log_(log),
        providers_(providers),
        settlement_(settlement) {}

  /// The order, refunded; also one that was given up and paid late, whose money is owed to the
  /// buyer (it stays given up). Throws NOT_FOUND, CONFLICT (already-refunded, not-refundable,
  /// refund-refused: the provider will not), UNAVAILABLE (payment-unavailable: it will be tried
  /// until it is done). Worker lane.
  Order refund(OrderId id, std::optional<std::int64_t> by);

  struct Attempt {
    Order order;
    PaymentAnswer::Verdict verdict = PaymentAnswer::Verdict::Unknown;  ///< Told: it is done
  };
  /// One try for an order whose refund is due. A provider that refuses is asked no more for a
  /// payment that bought something, and each hour for one that is owed.
  Attempt attempt(const Order& order);

 private:
  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  const PaymentProviders& providers_;
  const Settlement& settlement_;
};

}  // namespace reeld::billing
