// The double-entry ledger: entries whose postings sum to zero, written in the transaction of the
// order's change. Postings are never changed; a refund reverses them.
#pragma once
#include "billing/order.h"
#include "billing/split.h"
#include "db/database.h"

namespace reeld::billing {

/// "order:17:paid".
std::string paidEntry(OrderId id);
/// "order:17:refunded".
std::string refundedEntry(OrderId id);

/// The accounts that a payment of the order touches, for postPayment().
db::Asked askAccounts(db::Session& session, const Order& order);
/// Clearing to creator and platform at the order's rate; for a subscription, to the pool. The
/// transaction fails with CONFLICT if it is posted already.
Shares postPayment(db::Session& session, const Order& order, const db::Asked& accounts,
                   EpochMs now);
/// Reverses what postPayment() posted, and says what that was.
Shares postRefund(db::Session& session, const Order& order, EpochMs now);

}  // namespace reeld::billing
