// The answer of a deed that has nothing to show: {"message": "..."}.
#pragma once
#include "http/exchange.h"

#include <string_view>

namespace reeld::api {

http::Response message(std::string_view text);

}  // namespace reeld::api
