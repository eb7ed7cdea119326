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

Settlement::Prospects Settlement::prospectsOf(db::Session& session, const Order& order) {
  return {.accounts = askAccounts(session, order),
          .early = session.ask(EarlyEvents, order.id),
          .video = order.video_id ? std::optional(catalog::askForVideo(session, *order.video_id))
                                  : std::nullopt};
}

Outcome Settlement::take(db::Session& session, const std::string& provider,
                         const PaymentEvent& event, EpochMs now,
                         std::optional<Order>* after) const {
  auto order = findOrderByReference(session, event.order);
  if (order && order->provider != provider) {
    order.reset();
  }
  const auto happened = orderEventOf(event.type);
  const auto prospects = order && happened == OrderEvent::Paid
                             ? std::optional(prospectsOf(session, *order))
                             : std::nullopt;
  if (!session.find(InsertEvent, provider, event.id,
                    order ? std::optional(order->id) : std::nullopt, word(event.type),
                    event.amount.minor, event.amount.currency, event.provider_ref,
                    word(Outcome::Applied), event.at, now)) {
    return Outcome::Repeated;
  }
  Outcome outcome = Outcome::Ignored;
  if (!order) {
    outcome = Outcome::UnknownOrder;
  } else if (happened) {
    outcome = event.amount == Amount{order->price_minor, order->currency}
                  ? apply(session, *order, *happened, prospects ? &*prospects : nullptr,
                          event.provider_ref, now)
                  : Outcome::Mismatch;
  }
  if (outcome == Outcome::Mismatch || outcome == Outcome::UnknownOrder) {
    log_.warning("a payment event was not applied",
                 {{"provider", provider}, {"event", event.id}, {"outcome", word(outcome)}});
  }
  if (outcome != Outcome::Applied) {
    session.post(SetOutcome, word(outcome), provider, event.id);
  } else if (after != nullptr && prospects && prospects->early.rows().empty()) {
    *after = std::move(order);
  }
  return outcome;
}

Outcome Settlement::apply(db::Session& session, Order& order, OrderEvent event,
                          const Prospects* prospects, const std::string& provider_ref,
                          EpochMs now) const {
  const auto to = next(order.state, event);
  if (!to) {
    const bool may_be_paid_yet = next(order.state, OrderEvent::Paid).has_value();
    return presumesPayment(event) && may_be_paid_yet ? Outcome::Early : Outcome::Ignored;
  }
  if (prospects != nullptr) {
    return applyPaid(session, order, *prospects, provider_ref, now);
  }
  if (!moveOrder(session, order, *to, now, provider_ref)) {
    return Outcome::Ignored;
  }
  follow(session, order, now);
  return Outcome::Applied;
}

/// Whether what is paid for can still be had. Of a video: it is there, and if the money is late,
/// the buyer has not bought it again.
bool Settlement::canFulfil(db::Session& session, const Order& order, const Prospects& prospects) {
  if (order.isOfSubscription()) {
    return isTermWanted(session, order);
  }
  const bool is_only_one =
      order.state == OrderState::Pending || !findLiveOrder(session, order.user_id, *order.video_id);
  return is_only_one && !prospects.video->rows().empty();
}

Outcome Settlement::applyPaid(db::Session& session, Order& order, const Prospects& prospects,
                              const std::string& provider_ref, EpochMs now) const {
  const bool is_first_payment = order.state != OrderState::Disputed;
  if (is_first_payment && !canFulfil(session, order, prospects)) {
    if (order.state == OrderState::Pending) {
      moveOrder(session, order, OrderState::Expired, now);
    }
    notePayment(session, order.id, provider_ref);
    refundNext(session, order.id, now);
    return Outcome::RefundDue;
  }
  if (!moveOrder(session, order, OrderState::Paid, now, provider_ref)) {
    return Outcome::Ignored;
  }
  if (is_first_payment) {
    tell(session, "order.paid", order, postPayment(session, order, prospects.accounts, now),
         order.user_id);
    termPaid(session, order, now);
  } else {
    termReleased(session, order, now);
  }
  applyEarly(session, order, prospects.early.rows(), now);
  return Outcome::Applied;
}

/// What else an order means that has come to its state otherwise than by being paid.
void Settlement::follow(db::Session& session, const Order& order, EpochMs now) const {
  switch (order.state) {
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
    case OrderState::Paid:
    case OrderState::Pending:
      break;
  }
}

void Settlement::applyEarly(db::Session& session, Order& order, const db::Rows& events,
                            EpochMs now) const {
  for (const db::Row& row : events) {
    const auto event = row.text(2) == "refunded" ? OrderEvent::Refunded : OrderEvent::Disputed;
    session.post(SetOutcome, word(Outcome::Applied), row.text(0), row.text(1));
    apply(session, order, event, nullptr, row.text(3), now);
  }
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
    follow(session, *order, now);
  }
}

bool Settlement::giveUp(db::Session& session, OrderId id, EpochMs now) const {
  auto order = findOrderForUpdate(session, id);
  const bool is_given_up = order && next(order->state, OrderEvent::TimeOut) &&
                           moveOrder(session, *order, OrderState::Expired, now);
  if (is_given_up) {
    follow(session, *order, now);
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
    apply(session, *order, OrderEvent::Refunded, nullptr, "", now);
  }
}

}  // namespace reeld::billing
