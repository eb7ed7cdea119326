#include "billing/subscription_repository.h"

#include "base/error.h"

namespace reeld::billing {

namespace {

/// The columns of subscriptionOf(), of the subscriptions that `rest` names.
db::Statement selectSubscriptions(const char* rest) {
  return db::Statement((std::string(R"(
    SELECT id, user_id, plan, title, opens, price_minor, currency, interval_days, state, renews,
      next_plan, order_id, period_start, period_end, created_at, ended_at
    FROM subscriptions)") +
                        rest)
                           .c_str());
}

const db::Statement InsertSubscription{R"(
  INSERT INTO subscriptions (user_id, plan, title, opens, price_minor, currency, interval_days,
    period_start, period_end, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT DO NOTHING RETURNING id)"};
const db::Statement SubscriptionForUpdate = selectSubscriptions(R"(
  WHERE id = $1 {FOR UPDATE})");
// The condition of the index subscriptions_live as it stands there.
const db::Statement LiveSubscription = selectSubscriptions(R"(
  WHERE user_id = $1 AND state IN ('pending', 'active', 'grace', 'held'))");
const db::Statement LiveForUpdate = selectSubscriptions(R"(
  WHERE user_id = $1 AND state IN ('pending', 'active', 'grace', 'held') {FOR UPDATE})");
const db::Statement PaidBy = selectSubscriptions(R"(
  WHERE order_id = $1 {FOR UPDATE})");
const db::Statement SubscriptionsOfUser = selectSubscriptions(R"(
  WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3)");
const db::Statement CountSubscriptions{"SELECT COUNT(*) FROM subscriptions WHERE user_id = $1"};
const db::Statement ToRenew{R"(
  SELECT id FROM subscriptions
  WHERE renew_at IS NOT NULL AND renew_at <= $1 ORDER BY renew_at, id LIMIT $2)"};
const db::Statement PutOff{R"(
  UPDATE subscriptions SET renew_at = $1 WHERE id = $2 AND renew_at IS NOT NULL)"};
const db::Statement Update{R"(
  UPDATE subscriptions SET plan = $1, title = $2, opens = $3, price_minor = $4, currency = $5,
    interval_days = $6, state = $7, renews = $8, next_plan = $9, order_id = $10,
    period_start = $11, period_end = $12, renew_at = $13, ended_at = $14
  WHERE id = $15)"};

Subscription subscriptionOf(const db::Row& row) {
  Subscription subscription;
  subscription.id = row.integer(0);
  subscription.user_id = row.integer(1);
  subscription.plan = {.id = row.text(2),
                       .title = row.text(3),
                       .interval_days = row.integer(7),
                       .price_minor = row.integer(5),
                       .currency = row.text(6),
                       .opens = row.text(4)};
  const auto state = parseSubscriptionState(row.text(8));
  if (!state) {
    throw Error(ErrorCode::Corrupt,
                "subscription " + std::to_string(subscription.id) + " is in no known state");
  }
  subscription.state = *state;
  subscription.renews = row.flag(9);
  if (!row.isNull(10)) {
    subscription.next_plan = parsePlan(row.text(10));
  }
  subscription.order_id = row.maybeInteger(11);
  subscription.period_start = row.integer(12);
  subscription.period_end = row.integer(13);
  subscription.created_at = row.integer(14);
  subscription.ended_at = row.maybeInteger(15);
  return subscription;
}

std::optional<Subscription> subscriptionIn(const std::optional<db::Row>& row) {
  return row ? std::optional(subscriptionOf(*row)) : std::nullopt;
}

std::vector<Subscription> subscriptionsIn(const db::Rows& rows) {
  std::vector<Subscription> list;
  for (const db::Row& row : rows) {
    list.push_back(subscriptionOf(row));
  }
  return list;
}

}  // namespace

std::optional<SubscriptionId> insertSubscription(db::Session& session, std::int64_t user,
                                                 const Plan& plan, EpochMs now) {
  const auto row = session.find(InsertSubscription, user, plan.id, plan.title, plan.opens,
                                plan.price_minor, plan.currency, plan.interval_days, now, now, now);
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

std::optional<Subscription> findSubscriptionForUpdate(db::Session& session, SubscriptionId id) {
  return subscriptionIn(session.find(SubscriptionForUpdate, id));
}

std::optional<Subscription> findLiveSubscription(db::Session& session, std::int64_t user) {
  return subscriptionIn(session.find(LiveSubscription, user));
}

std::optional<Subscription> findLiveSubscriptionForUpdate(db::Session& session, std::int64_t user) {
  return subscriptionIn(session.find(LiveForUpdate, user));
}

std::optional<Subscription> findSubscriptionPaidBy(db::Session& session, OrderId order) {
  return subscriptionIn(session.find(PaidBy, order));
}

std::vector<Subscription> listSubscriptionsOf(db::Session& session, std::int64_t user,
                                              std::int64_t skip, std::int64_t limit) {
  return subscriptionsIn(session.query(SubscriptionsOfUser, user, limit, skip));
}

std::int64_t countSubscriptionsOf(db::Session& session, std::int64_t user) {
  return session.query(CountSubscriptions, user).at(0).integer(0);
}

std::vector<SubscriptionId> subscriptionsToRenew(db::Session& session, EpochMs now,
                                                 std::int64_t limit) {
  std::vector<SubscriptionId> ids;
  for (const db::Row& row : session.query(ToRenew, now, limit)) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

void putOffRenewal(db::Session& session, SubscriptionId id, EpochMs at) {
  session.execute(PutOff, at, id);
}

void updateSubscription(db::Session& session, const Subscription& subscription,
                        std::optional<EpochMs> renew_at) {
  const Plan& plan = subscription.plan;
  session.execute(
      Update, plan.id, plan.title, plan.opens, plan.price_minor, plan.currency, plan.interval_days,
      word(subscription.state), subscription.renews,
      subscription.next_plan ? std::optional(toJson(*subscription.next_plan)) : std::nullopt,
      subscription.order_id, subscription.period_start, subscription.period_end, renew_at,
      subscription.ended_at, subscription.id);
}

}  // namespace reeld::billing
