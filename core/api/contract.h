// GET /openapi.json: core/api/openapi.yaml, which travels inside the program, as JSON.
#pragma once
#include "http/route.h"

namespace reeld::api {

http::Route contractRoute();

}  // namespace reeld::api
