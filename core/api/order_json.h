// Orders as v1 prints them.
#pragma once
#include "billing/order.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::api {

/// {"message", "order_id", "video_id", "status", "amount", "currency", "checkout_url"}.
std::string orderResult(const billing::Order& order, std::string_view message);
std::string ordersJson(const std::vector<billing::Order>& orders);

}  // namespace reeld::api
