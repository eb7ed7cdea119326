// register/, login/, token/refresh/ and logout/ of the Videoflix surface. A browser is signed in by
// cookies alone: no token stands in an answer's body, where scripts could read it.
#pragma once
#include "api/session_cookies.h"
#include "http/route.h"
#include "users/activation.h"
#include "users/directory.h"
#include "users/registration.h"
#include "users/sessions.h"
#include "users/sign_in.h"

namespace reeld::api::videoflix {

struct AuthParts {
  users::Registration& registration;
  users::SignIn& sign_in;
  users::Sessions& sessions;
  users::Directory& directory;
  /// New users have to follow a mailed link first; nullptr: they do not.
  users::Activation* activation;
  SessionCookies cookies;
  http::Lane credentials_lane;  ///< Hash if a provider is bound to the CPU, else Worker
};

/// What the parts refer to outlives the routes.
http::Routes authRoutes(const AuthParts& parts);

}  // namespace reeld::api::videoflix
