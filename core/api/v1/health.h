// GET /api/v1/health: the process answers. Whether it can do its work is /readyz on the admin
// listener.
#pragma once
#include "http/route.h"

namespace reeld::api::v1 {

http::Routes healthRoutes();

}  // namespace reeld::api::v1
