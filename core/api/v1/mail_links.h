// What the links in mails are for, to a client of v1: /api/v1/auth/activate for a new address,
// password/reset, which asks for a link, and password/reset/confirm, which follows it. `uid` and
// `token` are those of the page that the mail leads to.
#pragma once
#include "http/route.h"
#include "users/activation.h"
#include "users/password_reset.h"
#include "users/reset_requests.h"

namespace reeld::api::v1 {

/// All but the lane outlives the routes. `credentials_lane`: Hash if a provider is bound to the
/// CPU, else Worker.
http::Routes mailLinkRoutes(users::Activation& activation, users::ResetRequests& requests,
                            users::PasswordReset& reset, http::Lane credentials_lane);

}  // namespace reeld::api::v1
