// GET /docs and what that page loads: a viewer of the contract (api/contract.h) for people. It is
// Swagger UI from npm, fetched while reeld is built; nothing is loaded from elsewhere.
#pragma once
#include "http/route.h"

namespace reeld::api {

http::Routes viewerRoutes();

}  // namespace reeld::api
