// Subscriptions as rows. Every function works in the session it is given.
#pragma once
#include "billing/subscription.h"
#include "db/database.h"

#include <vector>

namespace reeld::billing {

/// Pending; nothing if the user has a live one.
std::optional<SubscriptionId> insertSubscription(db::Session& session, std::int64_t user,
                                                 const Plan& plan, EpochMs now);
std::optional<Subscription> findSubscriptionForUpdate(db::Session& session, SubscriptionId id);
std::optional<Subscription> findLiveSubscription(db::Session& session, std::int64_t user);
std::optional<Subscription> findLiveSubscriptionForUpdate(db::Session& session, std::int64_t user);
/// Whose current period this order paid for; the row is locked.
std::optional<Subscription> findSubscriptionPaidBy(db::Session& session, OrderId order);
/// Newest first.
std::vector<Subscription> listSubscriptionsOf(db::Session& session, std::int64_t user,
                                              std::int64_t skip, std::int64_t limit);
std::int64_t countSubscriptionsOf(db::Session& session, std::int64_t user);
/// Those to look at, live ones: by id, so that a row that cannot be read stops nobody else's.
std::vector<SubscriptionId> subscriptionsToRenew(db::Session& session, EpochMs now,
                                                 std::int64_t limit);
/// One that is to be looked at is, but not before `at`.
void putOffRenewal(db::Session& session, SubscriptionId id, EpochMs at);

/// Everything but whose it is and when it was begun.
void updateSubscription(db::Session& session, const Subscription& subscription,
                        std::optional<EpochMs> renew_at);

}  // namespace reeld::billing
