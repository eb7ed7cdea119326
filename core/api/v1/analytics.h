// /api/v1/analytics/creator, …/admin and …/{id}/days: what was counted over some days, as JSON or
// CSV.
#pragma once
#include "analytics/reports.h"
#include "http/route.h"

namespace reeld::api::v1 {

http::Routes analyticsRoutes(analytics::Reports& reports);

}  // namespace reeld::api::v1
