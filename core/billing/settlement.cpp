#include "billing/settlement.h"

#include "base/json.h"
#include "billing/ledger.h"
#include "billing/order_repository.h"
#include "billing/payment_event_repository.h"
#include "billing/subscription_terms.h"
#include "catalog/video_repository.h"
#include "db/outbox.h"
#include "users/revocation_repository.h"

namespace reeld::billing {

namespace {

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
          .early = askForEarlyEvents(session, order.id),
          .video = order.video_id ? std::optional(catalog::askForVideo(session, *order.video_id))
                                  : std::nullopt};
}

Settlement::Learned Settlement::learn(db::Session& session, const std::string& provider,
                                      const PaymentEvent& event, const Order* presumed) {
  const auto locked = askForOrder(session, event.order);
  // What comes next waits for the lock, on the server: what it reads is what stands under it.
  std::optional<Order> order;
  if (presumed == nullptr || presumed->reference != event.order) {
    order = orderAsked(locked);
    presumed = order ? &*order : nullptr;
  }
  Learned learned;
  if (presumed != nullptr && event.type == PaymentEventType::Paid) {
    learned.prospects = prospectsOf(session, *presumed);
  }
  learned.is_known = isEventKnown(session, provider, event.id);
  learned.order = order ? std::move(order) : orderAsked(locked);
  if (learned.order && learned.order->provider != provider) {
    learned.order.reset();
    learned.prospects.reset();
  }
  return learned;
}

Outcome Settlement::take(db::Session& session, const std::string& provider,
                         const PaymentEvent& event, EpochMs now, const Order* presumed,
                         std::optional<Order>* after) const {
  auto [order, prospects, is_known] = learn(session, provider, event, presumed);
  if (is_known) {
    return Outcome::Repeated;
  }
  if (!order) {
    return takeStray(session, provider, event, now);
  }
  insertEvent(session, provider, event, order->id, word(Outcome::Applied), now);
  Outcome outcome = Outcome::Ignored;
  if (const auto happened = orderEventOf(event.type)) {
    outcome = event.amount == Amount{order->price_minor, order->currency}
                  ? apply(session, *order, *happened, prospects ? &*prospects : nullptr,
                          event.provider_ref, now)
                  : Outcome::Mismatch;
  }
  if (outcome == Outcome::Mismatch) {
    warn(provider, event, outcome);
  }
  if (outcome != Outcome::Applied) {
    setOutcome(session, provider, event.id, word(outcome));
  } else if (after != nullptr && prospects && prospects->early.rows().empty()) {
    *after = std::move(order);
  }
  return outcome;
}

Outcome Settlement::takeStray(db::Session& session, const std::string& provider,
                              const PaymentEvent& event, EpochMs now) const {
  if (!insertStrayEvent(session, provider, event, word(Outcome::UnknownOrder), now)) {
    return Outcome::Repeated;
  }
  warn(provider, event, Outcome::UnknownOrder);
  return Outcome::UnknownOrder;
}

void Settlement::warn(const std::string& provider, const PaymentEvent& event,
                      Outcome outcome) const {
  log_.warning("a payment event was not applied",
               {{"provider", provider}, {"event", event.id}, {"outcome", word(outcome)}});
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
  moveOrder(session, order, *to, now, provider_ref);
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
  moveOrder(session, order, OrderState::Paid, now, provider_ref);
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
    setOutcome(session, row.text(0), row.text(1), word(Outcome::Applied));
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
  const bool is_given_up = order && next(order->state, OrderEvent::TimeOut);
  if (is_given_up) {
    moveOrder(session, *order, OrderState::Expired, now);
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
