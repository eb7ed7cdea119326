// /api/v1/auth/: register, login, refresh, logout, me, password. Where one is signed in is in
// sessions.cpp.
#pragma once
#include "api/guard.h"
#include "http/route.h"
#include "users/directory.h"
#include "users/passwords.h"
#include "users/registration.h"
#include "users/sessions.h"
#include "users/sign_in.h"

namespace reeld::api::v1 {

/// All of it outlives the routes.
struct AuthParts {
  users::Registration& registration;
  users::SignIn& sign_in;
  users::Sessions& sessions;
  users::Passwords& passwords;
  users::Directory& directory;
  /// New users have to follow a mailed link first; nullptr: they do not.
  users::Activation* activation;
  users::SetupSecret& setup_secret;
  http::Lane credentials_lane;  ///< Hash if a provider is bound to the CPU, else Worker
};

http::Routes authRoutes(const Guard& guard, AuthParts parts);

}  // namespace reeld::api::v1
