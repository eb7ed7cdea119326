#include "billing/subscriptions.h"

#include "base/crypto.h"
#include "base/error.h"
#include "billing/order_repository.h"
#include "billing/subscription_repository.h"
#include "billing/subscription_terms.h"

#include <algorithm>

namespace reeld::billing {

namespace {

[[noreturn]] void refuseSecondBeginning() {
  throw Error(ErrorCode::Conflict, "a subscription is just being begun")
      .reason("subscription-in-progress")
      .retryAfter(1000);
}

[[noreturn]] void refuseSubscribed() {
  throw Error(ErrorCode::Conflict, "Already subscribed").reason("already-subscribed");
}

}  // namespace

Order orderOfTerm(const Subscription& subscription, const Plan& plan, const std::string& term,
                  std::int64_t price_minor, const std::string& provider, EpochMs now) {
  Order order;
  order.reference = newOrderReference();
  order.user_id = subscription.user_id;
  order.subscription_id = subscription.id;
  order.term = term;
  order.plan = toJson(plan);
  order.title = plan.title;
  order.price_minor = price_minor;
  order.currency = plan.currency;
  order.provider = provider;
  order.created_at = now;
  order.expires_at = now + PendingMs;
  return order;
}

std::vector<Plan> Subscriptions::plans() {
  if (plans_ == nullptr) {
    throw Error(ErrorCode::Unsupported, "there are no subscriptions on this site")
        .reason("subscription-off");
  }
  auto plans = plans_->plans();
  const std::string& currency = purchases_.options().currency;
  std::erase_if(plans, [&](const Plan& plan) { return plan.currency != currency; });
  return plans;
}

Plan Subscriptions::planNamed(const std::string& id) {
  auto all = plans();
  const auto found = id.empty() ? all.begin()
                                : std::find_if(all.begin(), all.end(),
                                               [&](const Plan& one) { return one.id == id; });
  if (found == all.end()) {
    throw Error(ErrorCode::NotFound, id.empty() ? "no plan is for sale" : "there is no such plan")
        .reason("plan-unknown");
  }
  return std::move(*found);
}

Subscriptions::Begun Subscriptions::begin(db::Session& session, const users::Viewer& viewer,
                                          const Plan& plan, const std::string& request_key,
                                          EpochMs now) {
  auto live = findLiveSubscriptionForUpdate(session, viewer.user_id);
  if (!request_key.empty()) {
    const auto same = findOrderByRequest(session, viewer.user_id, request_key);
    if (same && same->subscription_id && live && live->id == *same->subscription_id &&
        live->state != SubscriptionState::Pending) {
      return {*live, same, false};
    }
  }
  // One that is over does not keep anybody from beginning anew, whether or not it was looked at.
  const bool is_over = live && live->state != SubscriptionState::Pending &&
                       live->state != SubscriptionState::Held && live->opensUntil() <= now;
  if (is_over) {
    endSubscription(session, *live, now);
    live.reset();
  }
  if (!live) {
    return beginAnew(session, viewer.user_id, plan, request_key, now);
  }
  if (live->state == SubscriptionState::Pending) {
    return goOn(session, *live, plan, request_key, now);
  }
  if (live->state == SubscriptionState::Active && !live->renews && live->plan.id == plan.id) {
    live->renews = true;
    updateSubscription(session, *live, live->period_end);
    return {*live, std::nullopt, false};
  }
  refuseSubscribed();
}

Subscriptions::Begun Subscriptions::beginAnew(db::Session& session, std::int64_t user,
                                              const Plan& plan, const std::string& request_key,
                                              EpochMs now) {
  const std::string provider = purchases_.provider().name();
  const auto id = insertSubscription(session, user, plan, now);
  if (!id) {
    refuseSecondBeginning();
  }
  Subscription subscription = findSubscriptionForUpdate(session, *id).value();
  Order order = orderOfTerm(subscription, plan, "start", plan.price_minor, provider, now);
  order.request_key = request_key.empty() ? std::nullopt : std::optional(request_key);
  order.id = insertOrder(session, order, purchases_.options().node).value();
  return {std::move(subscription), std::move(order), true};
}

Subscriptions::Begun Subscriptions::goOn(db::Session& session, const Subscription& pending,
                                         const Plan& plan, const std::string& request_key,
                                         EpochMs now) {
  const auto order = findPendingOrderOf(session, pending.id);
  if (!order || order->busy_until > now) {
    refuseSecondBeginning();
  }
  if (order->expires_at <= now || pending.plan.id != plan.id) {
    // Its subscription fails with it, so this begins anew.
    if (!settlement_.giveUp(session, order->id, now)) {
      refuseSecondBeginning();
    }
    return beginAnew(session, pending.user_id, plan, request_key, now);
  }
  if (order->checkout_url) {
    return {pending, order, false};
  }
  if (!claimOrder(session, order->id, now, purchases_.options().node)) {
    refuseSecondBeginning();
  }
  return {pending, order, true};
}

Subscriptions::Result Subscriptions::finish(const Begun& begun) {
  Result result{begun.subscription, begun.order};
  if (begun.is_ours) {
    result.order = purchases_.charge(*begun.order);
    demandCharged(*result.order);
    result.subscription = database_.read([&](db::Session& session) {
      return findLiveSubscription(session, begun.subscription.user_id).value_or(begun.subscription);
    });
  }
  return result;
}

Subscriptions::Result Subscriptions::activate(const users::Viewer& viewer,
                                              const std::string& plan_id,
                                              const std::string& request_key) {
  const Plan plan = planNamed(plan_id);
  const EpochMs now = clock_.now();
  return finish(database_.transactByLocks(
      [&](db::Session& session) { return begin(session, viewer, plan, request_key, now); }));
}

Subscription Subscriptions::requireLive(std::optional<Subscription> live) const {
  const bool is_begun =
      live && live->state != SubscriptionState::Pending && live->opensUntil() > clock_.now();
  if (!is_begun) {
    throw Error(ErrorCode::NotFound, "there is no active subscription").reason("not-subscribed");
  }
  return std::move(*live);
}

Subscription Subscriptions::cancel(const users::Viewer& viewer) {
  return database_.transactByLocks([&](db::Session& session) {
    Subscription live = requireLive(findLiveSubscriptionForUpdate(session, viewer.user_id));
    if (live.renews) {
      live.renews = false;
      live.next_plan.reset();
      const bool is_held = live.state == SubscriptionState::Held;
      updateSubscription(session, live, is_held ? std::nullopt : std::optional(live.period_end));
      tellOfSubscription(session, "subscription.cancelled", live);
    }
    return live;
  });
}

Subscriptions::Offer Subscriptions::quote(const users::Viewer& viewer, const std::string& plan_id) {
  Offer offer{.plan = planNamed(plan_id), .quote = {}, .from = {}};
  offer.from = database_.read([&](db::Session& session) {
    return requireLive(findLiveSubscription(session, viewer.user_id));
  });
  const Subscription& from = offer.from;
  if (from.plan.id == offer.plan.id) {
    throw Error(ErrorCode::Conflict, "this is the plan already").reason("same-plan");
  }
  if (from.state != SubscriptionState::Active || from.plan.currency != offer.plan.currency) {
    throw Error(ErrorCode::Conflict, "the plan cannot be changed while a payment is open")
        .reason("plan-change");
  }
  offer.quote = plans_->quote({.from = from.plan.id,
                               .to = offer.plan.id,
                               .at = clock_.now(),
                               .period_start = from.period_start,
                               .period_end = from.period_end,
                               .paid = {from.plan.price_minor, from.plan.currency}});
  return offer;
}

std::optional<Subscriptions::Begun> Subscriptions::findChange(db::Session& session,
                                                              std::int64_t user,
                                                              const std::string& request_key,
                                                              EpochMs now) {
  auto same = request_key.empty() ? std::nullopt : findOrderByRequest(session, user, request_key);
  if (!same || same->term != "change") {
    return std::nullopt;
  }
  auto subscription = findSubscriptionForUpdate(session, *same->subscription_id).value();
  const bool is_open = same->state == OrderState::Pending && !same->checkout_url;
  if (is_open && !claimOrder(session, same->id, now, purchases_.options().node)) {
    refuseSecondBeginning();
  }
  return Begun{std::move(subscription), std::move(same), is_open};
}

Subscriptions::Result Subscriptions::change(const users::Viewer& viewer, const std::string& plan_id,
                                            const std::string& request_key) {
  const auto known = database_.transactByLocks([&](db::Session& session) {
    return findChange(session, viewer.user_id, request_key, clock_.now());
  });
  if (known) {
    demandCharged(*known->order);
    return finish(*known);
  }
  const Offer offer = quote(viewer, plan_id);
  const EpochMs now = clock_.now();
  return finish(database_.transactByLocks([&](db::Session& session) -> Begun {
    Subscription live = requireLive(findLiveSubscriptionForUpdate(session, viewer.user_id));
    // What was quoted was quoted for this.
    if (live.id != offer.from.id || live.period_end != offer.from.period_end ||
        live.state != SubscriptionState::Active || findPendingOrderOf(session, live.id)) {
      throw Error(ErrorCode::Conflict, "the subscription is just being changed")
          .reason("subscription-in-progress");
    }
    if (offer.quote.at_period_end || offer.quote.due_minor == 0) {
      live.renews = true;
      live.next_plan = offer.plan;
      updateSubscription(session, live, live.period_end);
      return {std::move(live), std::nullopt, false};
    }
    // That it renews again, too, is so once it is paid.
    Order order = orderOfTerm(live, offer.plan, "change", offer.quote.due_minor,
                              purchases_.provider().name(), now);
    order.request_key = request_key.empty() ? std::nullopt : std::optional(request_key);
    const auto id = insertOrder(session, order, purchases_.options().node);
    if (!id) {
      refuseSecondBeginning();
    }
    order.id = *id;
    return {std::move(live), std::move(order), true};
  }));
}

Subscriptions::Page Subscriptions::listOf(std::int64_t user, std::int64_t skip,
                                          std::int64_t limit) {
  return database_.read([&](db::Session& session) -> Page {
    return {listSubscriptionsOf(session, user, skip, limit), countSubscriptionsOf(session, user)};
  });
}

}  // namespace reeld::billing
