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

/// Clearing to creator and platform at the order's rate; for a subscription, to the pool. Throws
/// CONFLICT if it is posted already.
Shares postPayment(db::Session& session, const Order& order, EpochMs now);
/// Reverses what postPayment() posted, and says what that was.
Shares postRefund(db::Session& session, const Order& order, EpochMs now);

}  // namespace reeld::billing
