#include "billing/subscription_terms.h"

#include "base/json.h"
#include "billing/order_repository.h"
#include "billing/subscription_repository.h"
#include "db/outbox.h"

#include <algorithm>

namespace reeld::billing {

namespace {

std::optional<Subscription> subscriptionPaidBy(db::Session& session, const Order& order) {
  return order.subscription_id ? findSubscriptionForUpdate(session, *order.subscription_id)
                               : std::nullopt;
}

}  // namespace

void tellOfSubscription(db::Session& session, const char* type, const Subscription& subscription) {
  JsonWriter json;
  json.beginObject()
      .member("subscription", subscription.id)
      .member("user", subscription.user_id)
      .member("plan", subscription.plan.id)
      .member("period_end", subscription.period_end)
      .endObject();
  db::record(session, {.type = type,
                       .user_id = subscription.user_id,
                       .subject = "subscription:" + std::to_string(subscription.id),
                       .json = json.take()});
}

bool isTermWanted(db::Session& session, const Order& order) {
  const auto subscription = subscriptionPaidBy(session, order);
  if (!subscription || !isLive(subscription->state)) {
    return false;
  }
  return order.state == OrderState::Pending || (order.id > subscription->order_id.value_or(0) &&
                                                !findPendingOrderOf(session, subscription->id));
}

void termPaid(db::Session& session, const Order& order, EpochMs now) {
  auto subscription = subscriptionPaidBy(session, order);
  const auto to = subscription ? next(subscription->state, SubscriptionEvent::Paid) : std::nullopt;
  if (!to || !order.plan) {
    return;
  }
  // A renewal goes on where the period ended, everything else begins anew.
  const bool is_renewal = order.term == "renewal";
  const EpochMs begins = is_renewal ? subscription->period_end : now;
  subscription->state = *to;
  subscription->plan = parsePlan(*order.plan);
  subscription->renews = subscription->renews || order.term == "change";
  subscription->next_plan.reset();
  subscription->order_id = order.id;
  subscription->period_start = begins;
  subscription->period_end = begins + subscription->plan.interval_days * DayMs;
  updateSubscription(session, *subscription, subscription->period_end);
  tellOfSubscription(session,
                     is_renewal              ? "subscription.renewed"
                     : order.term == "start" ? "subscription.started"
                                             : "subscription.changed",
                     *subscription);
}

void termDeclined(db::Session& session, const Order& order, EpochMs now) {
  auto subscription = subscriptionPaidBy(session, order);
  if (!subscription) {
    return;
  }
  if (const auto to = next(subscription->state, SubscriptionEvent::Declined)) {
    subscription->state = *to;
    subscription->ended_at = now;
    updateSubscription(session, *subscription, std::nullopt);
  } else if (subscription->state == SubscriptionState::Grace) {
    const EpochMs last = subscription->opensUntil();
    updateSubscription(session, *subscription, std::min(now + RenewalRetryMs, std::max(last, now)));
  }
}

void termHeld(db::Session& session, const Order& order, EpochMs) {
  auto subscription = findSubscriptionPaidBy(session, order.id);
  const auto to =
      subscription ? next(subscription->state, SubscriptionEvent::Disputed) : std::nullopt;
  if (to) {
    subscription->state = *to;
    updateSubscription(session, *subscription, std::nullopt);
  }
}

void termReleased(db::Session& session, const Order& order, EpochMs) {
  auto subscription = findSubscriptionPaidBy(session, order.id);
  if (subscription && subscription->state == SubscriptionState::Held) {
    subscription->state = SubscriptionState::Active;
    updateSubscription(session, *subscription, subscription->period_end);
  }
}

void termRefunded(db::Session& session, const Order& order, EpochMs now) {
  const auto subscription = findSubscriptionPaidBy(session, order.id);
  if (subscription && next(subscription->state, SubscriptionEvent::Lapse)) {
    endSubscription(session, *subscription, now);
  }
}

void endSubscription(db::Session& session, Subscription subscription, EpochMs now) {
  subscription.state = SubscriptionState::Ended;
  subscription.next_plan.reset();
  subscription.ended_at = now;
  updateSubscription(session, subscription, std::nullopt);
  tellOfSubscription(session, "subscription.ended", subscription);
}

}  // namespace reeld::billing
