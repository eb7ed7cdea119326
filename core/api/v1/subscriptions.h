// /api/v1/subscriptions: plans, one's own subscriptions, beginning, changing and cancelling.
#pragma once
#include "api/guard.h"
#include "billing/idempotency.h"
#include "billing/subscriptions.h"
#include "http/route.h"

namespace reeld::api::v1 {

struct SubscriptionParts {
  billing::Subscriptions& subscriptions;
  billing::Idempotency& idempotency;
};

http::Routes subscriptionRoutes(const Guard& guard, SubscriptionParts parts);

}  // namespace reeld::api::v1
