// What the links in mails lead to: activate/ for a new address, password_confirm/ for a new
// password, and password_reset/, which asks for such a link.
#pragma once
#include "http/route.h"
#include "users/activation.h"
#include "users/password_reset.h"
#include "users/reset_requests.h"

namespace reeld::api::videoflix {

/// `credentials_lane`: Hash if a provider is bound to the CPU, else Worker.
http::Routes mailLinkRoutes(users::Activation& activation, users::ResetRequests& requests,
                            users::PasswordReset& reset, http::Lane credentials_lane);

}  // namespace reeld::api::videoflix
