// What an order's payment comes to, in one transaction: its state, the ledger, the event for the
// outbox, and the grants that end. Every way by which money is heard of (the charge itself, a
// webhook, a question to the provider, an administrator's refund) leads through here, and what was
// heard before changes nothing.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "billing/order.h"
#include "billing/payment_provider.h"
#include "db/database.h"

namespace reeld::billing {

/// What became of a provider's event; the word is in payment_events.outcome.
enum class Outcome {
  Applied,
  Repeated,      ///< it was heard before
  Early,         ///< it presumes a payment that has not been heard of: applied after that
  Mismatch,      ///< another amount than the order's
  RefundDue,     ///< money came for an order that cannot be fulfilled: it goes back
  Ignored,       ///< it changes nothing in the order's state
  UnknownOrder,  ///< it names none of this provider's
};
std::string_view word(Outcome outcome) noexcept;

class Settlement {
 public:
  /// `grant_life`: the longest of any grant. The log outlives this.
  Settlement(std::chrono::milliseconds grant_life, const Log& log)
      : grant_life_(grant_life), log_(log) {}

  /// `presumed` is the order that the event most likely names, if one is at hand: then all that
  /// has to be known is asked for at once. `after`, if it is wanted, is the order as it stands
  /// then, where it is known without a look.
  Outcome take(db::Session& session, const std::string& provider, const PaymentEvent& event,
               EpochMs now, const Order* presumed = nullptr,
               std::optional<Order>* after = nullptr) const;
  /// No money will move for it.
  void decline(db::Session& session, OrderId id, EpochMs now) const;
  /// It waited too long. False if it is not pending any more.
  bool giveUp(db::Session& session, OrderId id, EpochMs now) const;
  /// The money went back.
  void refunded(db::Session& session, OrderId id, EpochMs now) const;
  /// Everything the user was granted ends: a subscription opened everything.
  void revokeGrantsOf(db::Session& session, std::int64_t user, EpochMs now) const;

 private:
  /// What has to be known when an order is paid, asked for together.
  struct Prospects {
    db::Asked accounts;
    db::Asked early;                 ///< events
    std::optional<db::Asked> video;  ///< that is bought
  };
  /// What is known when an event comes.
  struct Learned {
    std::optional<Order> order;  ///< that it names, locked
    std::optional<Prospects> prospects;
    bool is_known = false;  ///< it was heard before
  };
  static Learned learn(db::Session& session, const std::string& provider, const PaymentEvent& event,
                       const Order* presumed);
  /// One that names no order of this provider.
  Outcome takeStray(db::Session& session, const std::string& provider, const PaymentEvent& event,
                    EpochMs now) const;
  void warn(const std::string& provider, const PaymentEvent& event, Outcome outcome) const;
  static Prospects prospectsOf(db::Session& session, const Order& order);
  static bool canFulfil(db::Session& session, const Order& order, const Prospects& prospects);
  /// `prospects` where the event says "paid".
  Outcome apply(db::Session& session, Order& order, OrderEvent event, const Prospects* prospects,
                const std::string& provider_ref, EpochMs now) const;
  Outcome applyPaid(db::Session& session, Order& order, const Prospects& prospects,
                    const std::string& provider_ref, EpochMs now) const;
  void refund(db::Session& session, const Order& order, EpochMs now) const;
  void follow(db::Session& session, const Order& order, EpochMs now) const;
  void applyEarly(db::Session& session, Order& order, const db::Rows& events, EpochMs now) const;
  void revokeGrants(db::Session& session, const Order& order, EpochMs now) const;

  std::chrono::milliseconds grant_life_;
  const Log& log_;
};

}  // namespace reeld::billing
