// /api/v1/auth/sessions: where the user is signed in, and how to end that.
#pragma once
#include "http/route.h"
#include "users/sessions.h"

namespace reeld::api::v1 {

http::Routes sessionRoutes(users::Sessions& sessions);

}  // namespace reeld::api::v1
