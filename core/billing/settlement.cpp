#include "billing/settlement.h"

#include "base/json.h"
#include "billing/ledger.h"
#include "billing/order_repository.h"
#include "billing/subscription_terms.h"
#include "catalog/video_repository.h"
#include "db/outbox.h"
#include "users/revocation_repository.h"

namespace reeld::billing {

namespace {

const db::Statement InsertEvent{R"(
  INSERT INTO payment_events (provider, event_id, order_id, type, amount_minor, currency,
    provider_ref, outcome, occurred_at, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT DO NOTHING RETURNING event_id)"};
const db::Statement SetOutcome{R"(
  UPDATE payment_events SET outcome = $1 WHERE provider = $2 AND event_id = $3)"};
// In the order they happened, not in that they came.
const db::Statement EarlyEvents{R"(
  SELECT provider, event_id, type, provider_ref FROM payment_events
  WHERE order_id = $1 AND outcome = 'early'
  ORDER BY occurred_at, CASE WHEN type = 'disputed' THEN 0 ELSE 1 END, event_id)"};

std::optional<OrderEvent> orderEventOf(PaymentEventType type) {
  switch (type) {
    case PaymentEventType::Paid:
      return OrderEvent::Paid;
    case PaymentEventType::Failed:
      return OrderEvent::Failed;
    case PaymentEventType::Refunded:
      return OrderEvent::Refunded;
    case PaymentEventType::Disputed:
      return OrderEvent::Disputed;
    case PaymentEventType::Unknown:
      break;
  }
  return std::nullopt;
}

void tell(db::Session& session, const char* type, const Order& order, const Shares& shares,
          std::optional<std::int64_t> by) {
  JsonWriter json;
  json.beginObject().member("order", order.id);
  if (order.video_id) {
    json.member("video", *order.video_id).member("creator", *order.creator_id);
  }
  json.member("user", order.user_id)
      .member("amount_minor", order.price_minor)
      .member("creator_minor", shares.creator_minor)
      .member("platform_minor", shares.platform_minor)
      .member("currency", order.currency)
      .endObject();
  db::record(session, {.type = type,
                       .user_id = by,
                       .subject = "order:" + std::to_string(order.id),
                       .json = json.take()});
}

/// Whether what is paid for can still be had. Of a video: it is there, and if the money is late,
/// the buyer has not bought it again.
bool canFulfil(db::Session& session, const Order& order) {
  if (order.isOfSubscription()) {
    return isTermWanted(session, order);
  }
  const bool is_only_one =
      order.state == OrderState::Pending || !findLiveOrder(session, order.user_id, *order.video_id);
  return is_only_one && catalog::findVideo(session, *order.video_id).has_value();
}

}  // namespace

std::string_view word(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::Applied:
      return "applied";
    case Outcome::Repeated:
      return "repeated";
    case Outcome::Early:
      return "early";
    case Outcome::Mismatch:
      return "mismatch";
    case Outcome::RefundDue:
      return "refund-due";
    case Outcome::Ignored:
      return "ignored";
    case Outcome::UnknownOrder:
      break;
  }
  return "unknown-order";
}

Outcome Settlement::take(db::Session& session, const std::string& provider,
                         const PaymentEvent& event, EpochMs now) const {
  auto order = findOrderByReference(session, event.order);
  if (order && order->provider != provider) {
    order.reset();
  }
  if (!session.find(InsertEvent, provider, event.id,
                    order ? std::optional(order->id) : std::nullopt, word(event.type),
                    event.amount.minor, event.amount.currency, event.provider_ref,
                    word(Outcome::Applied), event.at, now)) {
    return Outcome::Repeated;
  }
  const auto happened = orderEventOf(event.type);
  Outcome outcome = Outcome::Ignored;
  if (!order) {
    outcome = Outcome::UnknownOrder;
  } else if (happened) {
    outcome = event.amount == Amount{order->price_minor, order->currency}
                  ? apply(session, *order, *happened, event.provider_ref, now)
                  : Outcome::Mismatch;
  }
  if (outcome == Outcome::Mismatch || outcome == Outcome::UnknownOrder) {
    log_.warning("a payment event was not applied",
                 {{"provider", provider}, {"event", event.id}, {"outcome", word(outcome)}});
  }
  if (outcome != Outcome::Applied) {
    session.execute(SetOutcome, word(outcome), provider, event.id);
  }
  return outcome;
}

Outcome Settlement::apply(db::Session& session, Order& order, OrderEvent event,
                          const std::string& provider_ref, EpochMs now) const {
  const auto to = next(order.state, event);
  if (!to) {
    const bool may_be_paid_yet = next(order.state, OrderEvent::Paid).has_value();
    return presumesPayment(event) && may_be_paid_yet ? Outcome::Early : Outcome::Ignored;
  }
  const bool is_first_payment = *to == OrderState::Paid && order.state != OrderState::Disputed;
  if (is_first_payment && !canFulfil(session, order)) {
    if (order.state == OrderState::Pending) {
      moveOrder(session, order, OrderState::Expired, now);
    }
    notePayment(session, order.id, provider_ref);
    refundNext(session, order.id, now);
    return Outcome::RefundDue;
  }
  const OrderState from = order.state;
  if (!moveOrder(session, order, *to, now, provider_ref)) {
    return Outcome::Ignored;
  }
  follow(session, order, from, *to, now);
  order.state = *to;
  if (*to == OrderState::Paid) {
    applyEarly(session, order, now);
  }
  return Outcome::Applied;
}

void Settlement::follow(db::Session& session, const Order& order, OrderState from, OrderState to,
                        EpochMs now) const {
  switch (to) {
    case OrderState::Paid:
      if (from == OrderState::Disputed) {
        termReleased(session, order, now);
      } else {
        pay(session, order, now);
        termPaid(session, order, now);
      }
      break;
    case OrderState::Failed:
    case OrderState::Expired:
      termDeclined(session, order, now);
      break;
    case OrderState::Refunded:
      refund(session, order, now);
      termRefunded(session, order, now);
      break;
    case OrderState::Disputed:
      revokeGrants(session, order, now);
      termHeld(session, order, now);
      break;
    case OrderState::Pending:
      break;
  }
}

void Settlement::applyEarly(db::Session& session, Order& order, EpochMs now) const {
  for (const db::Row& row : session.query(EarlyEvents, order.id)) {
    const auto event = row.text(2) == "refunded" ? OrderEvent::Refunded : OrderEvent::Disputed;
    session.execute(SetOutcome, word(Outcome::Applied), row.text(0), row.text(1));
    order.paid_at = order.paid_at.value_or(now);
    apply(session, order, event, row.text(3), now);
  }
}

void Settlement::pay(db::Session& session, const Order& order, EpochMs now) const {
  tell(session, "order.paid", order, postPayment(session, order, now), order.user_id);
}

void Settlement::refund(db::Session& session, const Order& order, EpochMs now) const {
  refundNext(session, order.id, std::nullopt);
  revokeGrants(session, order, now);
  tell(session, "order.refunded", order, postRefund(session, order, now), order.refund_by);
}

void Settlement::revokeGrants(db::Session& session, const Order& order, EpochMs now) const {
  if (!order.video_id) {
    revokeGrantsOf(session, order.user_id, now);
    return;
  }
  users::revoke(session, {.user_id = order.user_id,
                          .session_id = std::nullopt,
                          .video_id = order.video_id,
                          .revoked_at = now,
                          .expires_at = now + grant_life_.count()});
}

void Settlement::revokeGrantsOf(db::Session& session, std::int64_t user, EpochMs now) const {
  users::revoke(session, {.user_id = user,
                          .session_id = std::nullopt,
                          .video_id = std::nullopt,
                          .revoked_at = now,
                          .expires_at = now + grant_life_.count()});
}

void Settlement::decline(db::Session& session, OrderId id, EpochMs now) const {
  auto order = findOrderForUpdate(session, id);
  if (order && order->state == OrderState::Pending) {
    moveOrder(session, *order, OrderState::Failed, now);
    askNext(session, id, std::nullopt);
    follow(session, *order, OrderState::Pending, OrderState::Failed, now);
  }
}

bool Settlement::giveUp(db::Session& session, OrderId id, EpochMs now) const {
  const auto order = findOrderForUpdate(session, id);
  const bool is_given_up = order && next(order->state, OrderEvent::TimeOut) &&
                           moveOrder(session, *order, OrderState::Expired, now);
  if (is_given_up) {
    follow(session, *order, OrderState::Pending, OrderState::Expired, now);
  }
  return is_given_up;
}

void Settlement::refunded(db::Session& session, OrderId id, EpochMs now) const {
  auto order = findOrderForUpdate(session, id);
  if (!order) {
    return;
  }
  refundNext(session, id, std::nullopt);
  if (next(order->state, OrderEvent::Refunded)) {
    apply(session, *order, OrderEvent::Refunded, "", now);
  }
}

}  // namespace reeld::billing
