// Buying a video: the order is written first and committed, then the provider is asked, then what
// it said is settled in one transaction. A daemon that dies anywhere in between leaves an order
// that is pending; the next try of the buyer goes on with it, and so does reconciliation.h.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "billing/order.h"
#include "billing/payment_provider.h"
#include "billing/settlement.h"
#include "catalog/video.h"
#include "db/database.h"
#include "users/user.h"

#include <string>

namespace reeld::billing {

struct PurchaseOptions {
  std::string currency = "EUR";
  std::int64_t creator_share_bp = 8000;
  std::string return_url;  ///< where a checkout page sends the buyer
  std::string node;        ///< this daemon; no other that runs has the same
};

class Purchases {
 public:
  /// Everything outlives this.
  Purchases(db::Database& database, const Clock& clock, const PaymentProviders& providers,
            const Settlement& settlement, PurchaseOptions options)
      : database_(database),
        clock_(clock),
        providers_(providers),
        settlement_(settlement),
        options_(std::move(options)) {}

  /// The order: paid, or pending with the checkout that the buyer has to go to (or without one: it
  /// will be told). `request_key` is the Idempotency-Key or "": an order that was begun with it is
  /// the answer, whatever became of it. Throws NOT_FOUND, INVALID (reasons video-free, video-own,
  /// video-not-ready), CONFLICT (already-purchased, purchase-disputed, purchase-in-progress),
  /// DENIED (payment-declined), UNAVAILABLE (payment-unavailable: the order stays pending;
  /// payment-busy: nothing was begun), UNSUPPORTED where nothing is sold. Worker lane.
  Order buy(const users::Viewer& viewer, catalog::VideoId video, const std::string& request_key);

  /// Charges what was begun, and settles what comes of it: also for orders of another kind.
  Order charge(const Order& begun);

  /// That new orders go to. Throws UNSUPPORTED, UNAVAILABLE (payment-unavailable, payment-busy).
  PaymentProvider& provider() const;
  /// The same; nullptr if there is none.
  PaymentProvider* findProvider() const { return providers_.find(providers_.chosen); }
  const PurchaseOptions& options() const noexcept { return options_; }

 private:
  static void demandRoom(const PaymentProvider& provider);
  struct Begun {
    Order order;
    bool is_ours = false;  ///< to charge
  };
  /// What is known of it before the video is looked at.
  Order orderOf(const users::Viewer& viewer, catalog::VideoId video, const std::string& request_key,
                EpochMs now) const;
  /// Writes the order, in one statement; false if that needs a closer look.
  bool sell(Order& order);
  /// The closer look.
  Begun begin(db::Session& session, const users::Viewer& viewer, Order order, EpochMs now);
  Begun goOn(db::Session& session, const Order& order, EpochMs now);
  /// The order as it stands then.
  Order settle(db::Session& session, const Order& order, const PaymentAnswer& answer, EpochMs now);

  db::Database& database_;
  const Clock& clock_;
  const PaymentProviders& providers_;
  const Settlement& settlement_;
  PurchaseOptions options_;
};

/// Throws what an order that is no success means to its buyer.
void demandCharged(const Order& order);

}  // namespace reeld::billing
