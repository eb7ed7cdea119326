// The first administrator. There is no default password: either the configuration names one, or
// whoever has a shell on the machine makes one.
#pragma once
#include "base/log.h"
#include "config/settings.h"
#include "users/directory.h"
#include "users/registration.h"

namespace reeld::app::commands {

/// At every start, after the providers are there. Does nothing once a site has an active
/// administrator. Otherwise makes admin.email with admin.password_file (of several daemons exactly
/// one succeeds, the others see that), or without one leaves a one-time secret in
/// <data_dir>/setup-secret (0600) and says in the journal what to do. Throws Error INVALID for a
/// password that is refused.
void seedAdmin(const config::Settings& settings, users::Directory& directory,
               users::Registration& registration, const Log& log);

}  // namespace reeld::app::commands
