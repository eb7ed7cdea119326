// What the payment of a term does to its subscription, in the transaction of the payment
// (settlement.cpp): it begins, goes on, is held by a dispute, ends.
#pragma once
#include "billing/order.h"
#include "billing/subscription.h"
#include "db/database.h"

namespace reeld::billing {

/// Whether the subscription of this order still waits for its payment. One that was given up and is
/// paid late is wanted as long as nothing followed it: no later order paid, none is open.
bool isTermWanted(db::Session& session, const Order& order);
void termPaid(db::Session& session, const Order& order, EpochMs now);
/// A start comes to nothing; a renewal is tried again; a change does not happen.
void termDeclined(db::Session& session, const Order& order, EpochMs now);
void termHeld(db::Session& session, const Order& order, EpochMs now);
void termReleased(db::Session& session, const Order& order, EpochMs now);
/// The money went back: it ends now, if this order paid for its period.
void termRefunded(db::Session& session, const Order& order, EpochMs now);

/// It ends, and its event is told. The grants are the caller's.
void endSubscription(db::Session& session, Subscription subscription, EpochMs now);
/// An event of the outbox: "subscription.started".
void tellOfSubscription(db::Session& session, const char* type, const Subscription& subscription);

}  // namespace reeld::billing
