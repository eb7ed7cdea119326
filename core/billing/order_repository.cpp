#include "billing/order_repository.h"

#include "base/error.h"
#include "catalog/query_text.h"

namespace reeld::billing {

namespace {

/// Of orderOf().
constexpr const char* Columns = R"( id, reference, user_id, video_id, creator_id, title, state,
    price_minor, currency, creator_share_bp, provider, provider_ref, checkout_url, request_key,
    busy_until, refund_at, refund_by, created_at, expires_at, paid_at, ended_at, subscription_id,
    term, plan)";

/// Of the orders that `rest` names.
db::Statement selectOrders(const char* rest) {
  return db::Statement("SELECT" + std::string(Columns) + " FROM orders" + rest);
}

const db::Statement InsertOrder{R"(
  INSERT INTO orders (reference, purpose, user_id, video_id, creator_id, title, price_minor,
    currency, creator_share_bp, provider, request_key, busy_until, busy_by, ask_at, created_at,
    expires_at, subscription_id, term, plan)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
  ON CONFLICT DO NOTHING RETURNING id)"};
const db::Statement InsertSale{R"(
  INSERT INTO orders (reference, purpose, user_id, video_id, creator_id, title, price_minor,
    currency, creator_share_bp, provider, request_key, busy_until, busy_by, ask_at, created_at,
    expires_at)
  SELECT $1, 'video', $2, v.id, v.creator_id, v.title, v.price_minor, $3, $4, $5, $6, $7, $8, $7,
    $9, $10
  FROM videos v
  WHERE v.id = $11 AND v.deleted_at IS NULL AND v.is_paid = 1 AND v.price_minor IS NOT NULL
    AND v.creator_id <> $2 AND v.current_encoding IS NOT NULL
  ON CONFLICT DO NOTHING RETURNING id, creator_id, title, price_minor)"};
const db::Statement ById = selectOrders(R"(
  WHERE id = $1)");
const db::Statement OrderForUpdate = selectOrders(R"(
  WHERE id = $1 {FOR UPDATE})");
const db::Statement ByReference = selectOrders(R"(
  WHERE reference = $1 {FOR UPDATE})");
const db::Statement LiveOrder = selectOrders(R"(
  WHERE user_id = $1 AND video_id = $2 AND state IN ('pending', 'paid', 'disputed'))");
const db::Statement PendingOf = selectOrders(R"(
  WHERE subscription_id = $1 AND state = 'pending' AND subscription_id IS NOT NULL)");
const db::Statement ByRequest = selectOrders(R"(
  WHERE user_id = $1 AND request_key = $2 ORDER BY id DESC LIMIT 1)");
const db::Statement OrdersOfUser = selectOrders(R"(
  WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3)");
const db::Statement CountOrders{"SELECT COUNT(*) FROM orders WHERE user_id = $1"};
const db::Statement Claim{R"(
  UPDATE orders SET busy_until = $1, busy_by = $2 WHERE id = $3 AND state = 'pending' AND busy_until <= $4)"};
const db::Statement Release{R"(
  UPDATE orders SET busy_until = 0, busy_by = NULL WHERE id = $1 AND state = 'pending')"};
const db::Statement ReleaseOrders{R"(
  UPDATE orders SET busy_until = 0, busy_by = NULL,
    ask_at = CASE WHEN ask_at IS NULL THEN NULL ELSE 0 END
  WHERE state = 'pending' AND busy_by = $1)"};
const db::Statement SetCheckout{R"(
  UPDATE orders SET provider_ref = $1, checkout_url = $2, busy_until = 0, busy_by = NULL
  WHERE id = $3 AND state = 'pending')"};
const db::Statement Move{R"(
  UPDATE orders SET state = $1, busy_until = 0, busy_by = NULL, paid_at = $2, ended_at = $3,
    provider_ref = $4, ask_at = CASE WHEN $5 = 1 THEN NULL ELSE ask_at END
  WHERE id = $6)"};
const db::Statement SetPayment{R"(
  UPDATE orders SET provider_ref = $1, ask_at = NULL WHERE id = $2)"};
const db::Statement SetAsk{"UPDATE orders SET ask_at = $1 WHERE id = $2"};
const db::Statement SetRefund{"UPDATE orders SET refund_at = $1 WHERE id = $2"};
const db::Statement PutOffAsk{R"(
  UPDATE orders SET ask_at = $1 WHERE id = $2 AND ask_at IS NOT NULL)"};
const db::Statement PutOffRefund{R"(
  UPDATE orders SET refund_at = $1 WHERE id = $2 AND refund_at IS NOT NULL)"};
const db::Statement Hold{R"(
  UPDATE orders SET busy_until = $1, busy_by = NULL WHERE id = $2 AND state = 'pending')"};
const db::Statement SetRefunder{"UPDATE orders SET refund_by = $1 WHERE id = $2"};
const db::Statement Expired = selectOrders(R"(
  WHERE state = 'pending' AND expires_at <= $1 AND busy_until <= $2
  ORDER BY expires_at, id LIMIT $3)");
const db::Statement ToAsk = selectOrders(R"(
  WHERE ask_at IS NOT NULL AND ask_at <= $1 AND busy_until <= $2
  ORDER BY ask_at, id LIMIT $3)");
const db::Statement ToRefund = selectOrders(R"(
  WHERE refund_at IS NOT NULL AND refund_at <= $1 ORDER BY refund_at, id LIMIT $2)");

Order orderOf(const db::Row& row) {
  Order order;
  order.id = row.integer(0);
  order.reference = row.text(1);
  order.user_id = row.integer(2);
  order.video_id = row.maybeInteger(3);
  order.creator_id = row.maybeInteger(4);
  order.title = row.text(5);
  const auto state = parseOrderState(row.text(6));
  if (!state) {
    throw Error(ErrorCode::Corrupt, "order " + std::to_string(order.id) + " is in no known state");
  }
  order.state = *state;
  order.price_minor = row.integer(7);
  order.currency = row.text(8);
  order.creator_share_bp = row.integer(9);
  order.provider = row.text(10);
  order.provider_ref = row.maybeText(11);
  order.checkout_url = row.maybeText(12);
  order.request_key = row.maybeText(13);
  order.busy_until = row.integer(14);
  order.refund_at = row.maybeInteger(15);
  order.refund_by = row.maybeInteger(16);
  order.created_at = row.integer(17);
  order.expires_at = row.integer(18);
  order.paid_at = row.maybeInteger(19);
  order.ended_at = row.maybeInteger(20);
  order.subscription_id = row.maybeInteger(21);
  order.term = row.maybeText(22);
  order.plan = row.maybeText(23);
  return order;
}

std::optional<Order> orderIn(const std::optional<db::Row>& row) {
  return row ? std::optional(orderOf(*row)) : std::nullopt;
}

std::vector<Order> ordersIn(const db::Rows& rows) {
  std::vector<Order> orders;
  for (const db::Row& row : rows) {
    orders.push_back(orderOf(row));
  }
  return orders;
}

}  // namespace

std::optional<OrderId> insertOrder(db::Session& session, const Order& order,
                                   const std::string& node) {
  const auto row =
      session.find(InsertOrder, order.reference, order.video_id ? "video" : "subscription",
                   order.user_id, order.video_id, order.creator_id, order.title, order.price_minor,
                   order.currency, order.creator_share_bp, order.provider, order.request_key,
                   order.created_at + BusyMs, node, order.created_at + BusyMs, order.created_at,
                   order.expires_at, order.subscription_id, order.term, order.plan);
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

bool insertSale(db::Session& session, Order& order, const std::string& node) {
  const auto row = session.find(InsertSale, order.reference, order.user_id, order.currency,
                                order.creator_share_bp, order.provider, order.request_key,
                                order.created_at + BusyMs, node, order.created_at, order.expires_at,
                                order.video_id);
  if (row) {
    order.id = row->integer(0);
    order.creator_id = row->integer(1);
    order.title = row->text(2);
    order.price_minor = row->integer(3);
  }
  return row.has_value();
}

std::optional<Order> findOrder(db::Session& session, OrderId id) {
  return orderIn(session.find(ById, id));
}

std::optional<Order> findOrderForUpdate(db::Session& session, OrderId id) {
  return orderIn(session.find(OrderForUpdate, id));
}

db::Asked askForOrder(db::Session& session, const std::string& reference) {
  return session.ask(ByReference, reference);
}

std::optional<Order> orderAsked(const db::Asked& asked) {
  return asked.rows().empty() ? std::nullopt : std::optional(orderOf(asked.rows().front()));
}

std::optional<Order> findLiveOrder(db::Session& session, std::int64_t user, std::int64_t video) {
  return orderIn(session.find(LiveOrder, user, video));
}

std::optional<Order> findPendingOrderOf(db::Session& session, std::int64_t subscription) {
  return orderIn(session.find(PendingOf, subscription));
}

std::optional<Order> findOrderByRequest(db::Session& session, std::int64_t user,
                                        const std::string& request_key) {
  return orderIn(session.find(ByRequest, user, request_key));
}

std::vector<Order> listOrders(db::Session& session, const OrderFilter& filter, std::int64_t skip,
                              std::int64_t limit) {
  catalog::QueryText text;
  text << "SELECT" << Columns << " FROM orders WHERE id > 0";
  if (filter.user) {
    (text << " AND user_id = ").bind(*filter.user);
  }
  if (filter.state) {
    (text << " AND state = ").bind(word(*filter.state));
  }
  (text << " ORDER BY id DESC LIMIT ").bind(limit);
  (text << " OFFSET ").bind(skip);
  return ordersIn(session.queryText(text.sql(), text.values()));
}

std::vector<Order> listOrdersOf(db::Session& session, std::int64_t user, std::int64_t skip,
                                std::int64_t limit) {
  return ordersIn(session.query(OrdersOfUser, user, limit, skip));
}

std::int64_t countOrdersOf(db::Session& session, std::int64_t user) {
  return session.query(CountOrders, user).at(0).integer(0);
}

bool claimOrder(db::Session& session, OrderId id, EpochMs now, const std::string& node) {
  return session.execute(Claim, now + BusyMs, node, id, now) == 1;
}

void releaseOrder(db::Session& session, OrderId id) { session.post(Release, id); }

void releaseOrdersOf(db::Session& session, const std::string& node) {
  session.execute(ReleaseOrders, node);
}

void noteCheckout(db::Session& session, OrderId id, const std::string& provider_ref,
                  const std::string& url) {
  session.post(SetCheckout, provider_ref, url, id);
}

void moveOrder(db::Session& session, Order& order, OrderState to, EpochMs now,
               const std::string& provider_ref) {
  const bool is_live =
      to == OrderState::Paid || to == OrderState::Disputed || to == OrderState::Pending;
  order.state = to;
  order.busy_until = 0;
  if (to == OrderState::Paid && !order.paid_at) {
    order.paid_at = now;
  }
  order.ended_at = is_live ? std::nullopt : std::optional(now);
  if (!provider_ref.empty()) {
    order.provider_ref = provider_ref;
  }
  session.post(Move, word(to), order.paid_at, order.ended_at, order.provider_ref,
               !provider_ref.empty(), order.id);
}

void notePayment(db::Session& session, OrderId id, const std::string& provider_ref) {
  session.post(SetPayment, provider_ref, id);
}

void askNext(db::Session& session, OrderId id, std::optional<EpochMs> at) {
  session.post(SetAsk, at, id);
}

void refundNext(db::Session& session, OrderId id, std::optional<EpochMs> at) {
  session.post(SetRefund, at, id);
}

void askLater(db::Session& session, OrderId id, EpochMs at) { session.post(PutOffAsk, at, id); }

void refundLater(db::Session& session, OrderId id, EpochMs at) {
  session.post(PutOffRefund, at, id);
}

void holdOrder(db::Session& session, OrderId id, EpochMs at) { session.post(Hold, at, id); }

void noteRefunder(db::Session& session, OrderId id, std::int64_t by) {
  session.post(SetRefunder, by, id);
}

std::vector<Order> expiredOrders(db::Session& session, EpochMs now, std::int64_t limit) {
  return ordersIn(session.query(Expired, now, now, limit));
}

std::vector<Order> ordersToAsk(db::Session& session, EpochMs now, std::int64_t limit) {
  return ordersIn(session.query(ToAsk, now, now, limit));
}

std::vector<Order> ordersToRefund(db::Session& session, EpochMs now, std::int64_t limit) {
  return ordersIn(session.query(ToRefund, now, limit));
}

}  // namespace reeld::billing
