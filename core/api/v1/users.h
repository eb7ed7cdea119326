// /api/v1/users/: the administrator's list, roles, and who may come in.
#pragma once
#include "api/guard.h"
#include "http/route.h"
#include "users/directory.h"

namespace reeld::api::v1 {

http::Routes userRoutes(const Guard& guard, users::Directory& directory);

}  // namespace reeld::api::v1
