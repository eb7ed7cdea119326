// Who is at the other end of a request, for the services of users/.
#pragma once
#include "http/exchange.h"
#include "users/sessions.h"

namespace reeld::api {

users::Client clientOf(const http::Exchange& exchange);

}  // namespace reeld::api
