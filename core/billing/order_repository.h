// Orders as rows. Every function works in the session it is given.
#pragma once
#include "billing/order.h"
#include "db/database.h"

#include <vector>

namespace reeld::billing {

/// Writes what the order agrees on, busy in `node`; nothing if the user has a live one of the
/// video.
std::optional<OrderId> insertOrder(db::Session& session, const Order& order,
                                   const std::string& node);
/// The same in one statement for a video, of which it takes price, title and creator: false if the
/// buyer cannot buy it (not there, not for sale, not to be played, his own), or has a live order.
bool insertSale(db::Session& session, Order& order, const std::string& node);
std::optional<Order> findOrder(db::Session& session, OrderId id);
/// The row is locked until the transaction ends (PostgreSQL; SQLite has one writer anyway).
std::optional<Order> findOrderForUpdate(db::Session& session, OrderId id);
/// By its reference, to be read by orderAsked(). The row is locked.
db::Asked askForOrder(db::Session& session, const std::string& reference);
std::optional<Order> orderAsked(const db::Asked& asked);
/// The one that is pending, paid or disputed.
std::optional<Order> findLiveOrder(db::Session& session, std::int64_t user, std::int64_t video);
/// The one that is pending for a term.
std::optional<Order> findPendingOrderOf(db::Session& session, std::int64_t subscription);
std::optional<Order> findOrderByRequest(db::Session& session, std::int64_t user,
                                        const std::string& request_key);

struct OrderFilter {
  std::optional<std::int64_t> user;
  std::optional<OrderState> state;
};
/// Newest first.
std::vector<Order> listOrders(db::Session& session, const OrderFilter& filter, std::int64_t skip,
                              std::int64_t limit);
/// Newest first.
std::vector<Order> listOrdersOf(db::Session& session, std::int64_t user, std::int64_t skip,
                                std::int64_t limit);
std::int64_t countOrdersOf(db::Session& session, std::int64_t user);

/// A provider's call for it begins here; false if another has begun one, or it is pending no more:
/// whoever read it before may not have seen that it was paid meanwhile.
bool claimOrder(db::Session& session, OrderId id, EpochMs now, const std::string& node);
/// As the next, nothing where the order is pending no more.
void releaseOrder(db::Session& session, OrderId id);
/// Calls that a daemon of this node had under way when it died are under way no more.
void releaseOrdersOf(db::Session& session, const std::string& node);
void noteCheckout(db::Session& session, OrderId id, const std::string& provider_ref,
                  const std::string& url);

/// `order`, whose row is locked, is as it stands then. A reference that is not empty is what the
/// provider calls its payment, and there is nothing to ask about any more.
void moveOrder(db::Session& session, Order& order, OrderState to, EpochMs now,
               const std::string& provider_ref = "");
void notePayment(db::Session& session, OrderId id, const std::string& provider_ref);

/// When the provider is asked next; nothing = never again.
void askNext(db::Session& session, OrderId id, std::optional<EpochMs> at);
void refundNext(db::Session& session, OrderId id, std::optional<EpochMs> at);
/// Where one is to be asked about or refunded, it is, but not before `at`.
void askLater(db::Session& session, OrderId id, EpochMs at);
void refundLater(db::Session& session, OrderId id, EpochMs at);
/// Nobody begins anything with an order that is pending before `at`.
void holdOrder(db::Session& session, OrderId id, EpochMs at);
void noteRefunder(db::Session& session, OrderId id, std::int64_t by);

std::vector<Order> expiredOrders(db::Session& session, EpochMs now, std::int64_t limit);
std::vector<Order> ordersToAsk(db::Session& session, EpochMs now, std::int64_t limit);
std::vector<Order> ordersToRefund(db::Session& session, EpochMs now, std::int64_t limit);

}  // namespace reeld::billing
