#include "billing/purchases.h"

#include "base/error.h"
#include "billing/order_repository.h"
#include "catalog/video_repository.h"
#include "db/failure.h"

namespace reeld::billing {

namespace {

constexpr std::uint32_t BusyRetryMs = 3000;

/// As insertSale() has it, with the reason.
void requireForSale(db::Session& session, const users::Viewer& viewer, catalog::VideoId id) {
  const auto video = catalog::findVideo(session, id);
  if (!video) {
    throw Error(ErrorCode::NotFound, "Video not found");
  }
  if (!video->is_paid || !video->price_minor) {
    throw Error(ErrorCode::Invalid, "Video is free").reason("video-free");
  }
  if (video->creator_id == viewer.user_id) {
    throw Error(ErrorCode::Invalid, "Creator cannot purchase own video").reason("video-own");
  }
  if (!video->playable()) {
    throw Error(ErrorCode::Invalid, "Video not ready").reason("video-not-ready");
  }
}

[[noreturn]] void refuseSecondPurchase() {
  throw Error(ErrorCode::Conflict, "a purchase of this video is under way")
      .reason("purchase-in-progress")
      .retryAfter(1000);
}

}  // namespace

void demandCharged(const Order& order) {
  switch (order.state) {
    case OrderState::Paid:
    case OrderState::Pending:
    case OrderState::Refunded:
      return;
    case OrderState::Failed:
      throw Error(ErrorCode::Denied, "the payment was declined").reason("payment-declined");
    case OrderState::Expired:
      throw Error(ErrorCode::Conflict, "this purchase was given up, begin a new one")
          .reason("purchase-expired");
    case OrderState::Disputed:
      throw Error(ErrorCode::Conflict, "the payment of this video is disputed")
          .reason("purchase-disputed");
  }
}

PaymentProvider& Purchases::provider() const {
  if (providers_.chosen.empty()) {
    throw Error(ErrorCode::Unsupported, "nothing is sold on this site").reason("payment-off");
  }
  PaymentProvider* const found = findProvider();
  if (found == nullptr) {
    throw Error(ErrorCode::Unavailable, "the payment provider is missing")
        .reason("payment-unavailable")
        .retryAfter(5000);
  }
  demandRoom(*found);
  return *found;
}

void Purchases::demandRoom(const PaymentProvider& provider) {
  if (provider.isCrowded()) {
    throw Error(ErrorCode::Unavailable,
                "the payment provider is slow and many are paying: try again in a moment")
        .reason("payment-busy")
        .retryAfter(BusyRetryMs);
  }
}

Purchases::Begun Purchases::goOn(db::Session& session, const Order& order, EpochMs now) {
  if (const PaymentProvider* const found = providers_.find(order.provider)) {
    demandRoom(*found);
  }
  if (order.busy_until > now || !claimOrder(session, order.id, now, options_.node)) {
    refuseSecondPurchase();
  }
  return {order, true};
}

Order Purchases::orderOf(const users::Viewer& viewer, catalog::VideoId video,
                         const std::string& request_key, EpochMs now) const {
  Order order;
  order.reference = newOrderReference();
  order.user_id = viewer.user_id;
  order.video_id = video;
  order.currency = options_.currency;
  order.creator_share_bp = options_.creator_share_bp;
  order.provider = providers_.chosen;
  order.request_key = request_key.empty() ? std::nullopt : std::optional(request_key);
  order.created_at = now;
  order.expires_at = now + PendingMs;
  return order;
}

Purchases::Begun Purchases::begin(db::Session& session, const users::Viewer& viewer, Order order,
                                  EpochMs now) {
  if (order.request_key) {
    auto same = findOrderByRequest(session, viewer.user_id, *order.request_key);
    if (same && same->video_id == order.video_id) {
      const bool is_open = same->state == OrderState::Pending && !same->checkout_url;
      return is_open && same->expires_at > now ? goOn(session, *same, now)
                                               : Begun{std::move(*same), false};
    }
  }
  requireForSale(session, viewer, *order.video_id);
  if (const auto live = findLiveOrder(session, viewer.user_id, *order.video_id)) {
    if (live->state == OrderState::Paid) {
      throw Error(ErrorCode::Conflict, "Already purchased").reason("already-purchased");
    }
    if (live->reference == order.reference) {
      return {*live, true};
    }
    demandCharged(*live);
    if (live->busy_until > now) {
      refuseSecondPurchase();
    }
    if (live->expires_at > now) {
      return live->checkout_url ? Begun{*live, false} : goOn(session, *live, now);
    }
    settlement_.giveUp(session, live->id, now);
  }
  static_cast<void>(provider());
  if (!insertSale(session, order, options_.node)) {
    refuseSecondPurchase();
  }
  return {std::move(order), true};
}

bool Purchases::sell(Order& order) {
  const PaymentProvider* const found = findProvider();
  if (found == nullptr || found->isCrowded()) {
    return false;
  }
  try {
    return database_.transactOneByLocks(
        [&](db::Session& session) { return insertSale(session, order, options_.node); });
  } catch (const db::Failure& failure) {
    // Whether it was written nobody knows: the closer look finds it by its reference.
    if (failure.kind() == db::FailureKind::ConnectionLost) {
      return false;
    }
    throw;
  }
}

Order Purchases::buy(const users::Viewer& viewer, catalog::VideoId video,
                     const std::string& request_key) {
  const EpochMs now = clock_.now();
  Begun begun{orderOf(viewer, video, request_key, now), true};
  // First it is tried: as a rule nothing is in its way, and looking costs more than trying. Not if
  // an order of the same key may be the answer.
  if (!request_key.empty() || !sell(begun.order)) {
    begun = database_.transactByLocks(
        [&](db::Session& session) { return begin(session, viewer, begun.order, now); });
  }
  Order order = begun.is_ours ? charge(begun.order) : begun.order;
  demandCharged(order);
  return order;
}

Order Purchases::charge(const Order& begun) {
  PaymentProvider* const found = providers_.find(begun.provider);
  PaymentAnswer answer{.verdict = PaymentAnswer::Verdict::Unknown,
                       .reason = "its instance does not run"};
  if (found != nullptr) {
    answer = found->charge({.order = begun.reference,
                            .key = begun.chargeKey(),
                            .customer = "user:" + std::to_string(begun.user_id),
                            .description = begun.title,
                            .return_url = options_.return_url,
                            .amount = {begun.price_minor, begun.currency}});
  }
  const EpochMs now = clock_.now();
  Order order = database_.transactByLocks(
      [&](db::Session& session) { return settle(session, begun, answer, now); });
  if (answer.verdict == PaymentAnswer::Verdict::Unknown && order.state == OrderState::Pending) {
    throw Error(ErrorCode::Unavailable, "the payment provider did not answer: " + answer.reason)
        .reason("payment-unavailable")
        .retryAfter(5000);
  }
  return order;
}

Order Purchases::settle(db::Session& session, const Order& order, const PaymentAnswer& answer,
                        EpochMs now) {
  std::optional<Order> after;
  for (const PaymentEvent& event : answer.events) {
    after.reset();
    settlement_.take(session, order.provider, event, now, &order, &after);
  }
  if (answer.verdict == PaymentAnswer::Verdict::Declined) {
    settlement_.decline(session, order.id, now);
  } else if (answer.checkout) {
    noteCheckout(session, order.id, answer.checkout->provider_ref, answer.checkout->url);
  } else if (after && after->id == order.id) {
    return std::move(*after);
  } else {
    // An event that was applied has done so; one of another amount, say, has not.
    releaseOrder(session, order.id);
  }
  return findOrder(session, order.id).value();
}

}  // namespace reeld::billing
