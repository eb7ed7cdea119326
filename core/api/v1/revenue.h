// /api/v1/revenue: what a creator and the site have earned, as JSON, or by day as CSV.
#pragma once
#include "billing/revenue.h"
#include "http/route.h"

namespace reeld::api::v1 {

http::Routes revenueRoutes(billing::Revenue& revenue);

}  // namespace reeld::api::v1
