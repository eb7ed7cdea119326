// /api/v1/auth/: register, login, me.
#pragma once
#include "api/guard.h"
#include "http/route.h"
#include "users/directory.h"
#include "users/registration.h"
#include "users/sign_in.h"

namespace reeld::api::v1 {

/// `credentials_lane`: Hash if a provider is bound to the CPU, else Worker.
http::Routes authRoutes(users::Registration& registration, users::SignIn& sign_in,
                        users::Directory& directory, http::Lane credentials_lane);

}  // namespace reeld::api::v1
