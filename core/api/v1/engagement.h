// What viewers leave behind: reactions and figures below /api/v1/analytics/{id}, and how far each
// has watched at /api/v1/videos/{id}/progress.
#pragma once
#include "api/guard.h"
#include "engagement/engagement.h"
#include "http/route.h"

namespace reeld::api::v1 {

http::Routes engagementRoutes(const Guard& guard, engagement::Engagement& engagement);

}  // namespace reeld::api::v1
