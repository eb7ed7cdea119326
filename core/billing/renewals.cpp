#include "billing/renewals.h"

#include "base/error.h"
#include "billing/order_repository.h"
#include "billing/subscription_repository.h"
#include "billing/subscription_terms.h"
#include "billing/subscriptions.h"
#include "users/user_repository.h"

#include <algorithm>

namespace reeld::billing {

namespace {

constexpr auto RenewEvery = std::chrono::seconds(2);
constexpr auto RenewAfterFailure = std::chrono::seconds(5);
constexpr std::int64_t RenewalsAtOnce = 100;
/// Until the provider is asked again that did not answer.
constexpr std::int64_t UnknownRetryMs = 60'000;
/// Until those are looked at that were not charged because it had not answered before them: sooner
/// than the one it did not answer for, which may be the only one it has trouble with.
constexpr std::int64_t SilentRetryMs = 2'000;
/// Until one is looked at again that failed in the daemon itself.
constexpr std::int64_t FailureRetryMs = 600'000;

}  // namespace

Renewals::Renewals(db::Database& database, const Clock& clock, const Log& log,
                   const Settlement& settlement, Purchases& purchases)
    : database_(database),
      clock_(clock),
      log_(log),
      settlement_(settlement),
      purchases_(purchases),
      work_(database, log,
            {.task = "renewals",
             .failure = "cannot renew subscriptions",
             .often = RenewEvery,
             .after_failure = RenewAfterFailure},
            [this] { run(); }) {}

int Renewals::run() {
  const auto due = database_.readOne([&](db::Session& session) {
    return subscriptionsToRenew(session, clock_.now(), RenewalsAtOnce);
  });
  Silent silent;
  int done = 0;
  for (const SubscriptionId id : due) {
    if (work_.stopping()) {
      break;
    }
    try {
      renew(id, silent);
    } catch (const std::exception& error) {
      log_.error("a subscription was not looked at",
                 {{"subscription", id}, {"error", error.what()}});
      database_.transactByLocks(
          [&](db::Session& session) { putOffRenewal(session, id, clock_.now() + FailureRetryMs); });
    }
    ++done;
  }
  return done;
}

void Renewals::renew(SubscriptionId id, Silent& silent) {
  const EpochMs now = clock_.now();
  const auto order = database_.transactByLocks(
      [&](db::Session& session) { return lookAt(session, id, silent, now); });
  if (!order) {
    return;
  }
  try {
    purchases_.charge(*order);
  } catch (const Error& error) {
    // The order waits; it is asked about, and tried again within the grace.
    log_.warning("a renewal was not charged", {{"order", order->id}, {"error", error.what()}});
    if (error.reason() == "payment-unavailable") {
      silent.insert(order->provider);
    }
  }
}

std::optional<Order> Renewals::lookAt(db::Session& session, SubscriptionId id, const Silent& silent,
                                      EpochMs now) {
  auto subscription = findSubscriptionForUpdate(session, id);
  if (!subscription || subscription->period_end > now) {
    return std::nullopt;
  }
  const auto user = users::findUser(session, subscription->user_id);
  const bool goes_on = user && user->is_active && subscription->renews &&
                       subscription->opensUntil() > now &&
                       (subscription->state == SubscriptionState::Active ||
                        subscription->state == SubscriptionState::Grace);
  if (goes_on) {
    return begin(session, *subscription, silent, now);
  }
  if (next(subscription->state, SubscriptionEvent::Lapse)) {
    if (const auto pending = findPendingOrderOf(session, id)) {
      settlement_.giveUp(session, pending->id, now);
      subscription = findSubscriptionForUpdate(session, id);
    }
    endSubscription(session, *subscription, now);
    settlement_.revokeGrantsOf(session, subscription->user_id, now);
  }
  return std::nullopt;
}

std::optional<Order> Renewals::begin(db::Session& session, Subscription& subscription,
                                     const Silent& silent, EpochMs now) {
  if (const auto to = next(subscription.state, SubscriptionEvent::Due)) {
    subscription.state = *to;
  }
  auto pending = findPendingOrderOf(session, subscription.id);
  // Without a provider nothing is paid: the grace runs.
  PaymentProvider* const chosen = purchases_.findProvider();
  const std::string name = pending ? pending->provider : chosen ? chosen->name() : "";
  const bool is_asked = !name.empty() && !silent.contains(name);
  updateSubscription(session, subscription,
                     now + (silent.contains(name) ? SilentRetryMs : UnknownRetryMs));
  if (!is_asked) {
    return std::nullopt;
  }
  const std::string& node = purchases_.options().node;
  if (pending) {
    const bool waits_for_buyer = pending->checkout_url.has_value();
    return !waits_for_buyer && claimOrder(session, pending->id, now, node) ? std::move(pending)
                                                                           : std::nullopt;
  }
  const Plan plan = subscription.next_plan.value_or(subscription.plan);
  Order order = orderOfTerm(subscription, plan, "renewal", plan.price_minor, name, now);
  // The buyer has as long as the subscription waits.
  order.expires_at = subscription.period_end + GraceMs;
  const auto id = insertOrder(session, order, node);
  if (!id) {
    return std::nullopt;
  }
  order.id = *id;
  return order;
}

}  // namespace reeld::billing
