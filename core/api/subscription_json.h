// Subscriptions and plans as v1 prints them.
#pragma once
#include "billing/subscriptions.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::api {

/// {"message", "subscription": {...}, "order_id", "checkout_url"}.
std::string subscriptionResult(const billing::Subscriptions::Result& result,
                               std::string_view message);
std::string subscriptionsJson(const std::vector<billing::Subscription>& subscriptions);
std::string plansJson(const std::vector<billing::Plan>& plans);
std::string offerJson(const billing::Subscriptions::Offer& offer);

}  // namespace reeld::api
