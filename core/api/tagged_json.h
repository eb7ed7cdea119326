// JSON that is asked for again and again: an ETag of its bytes lets the answer be 304 while nothing
// has changed.
#pragma once
#include "http/route.h"

#include <string>

namespace reeld::api {

/// 200; the engine compares If-None-Match.
http::Response taggedJson(std::string json);

}  // namespace reeld::api
