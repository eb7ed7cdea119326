// user create, user list, user role.
#pragma once
#include "app/control/command.h"
#include "users/directory.h"
#include "users/registration.h"

#include <string>

namespace reeld::app::commands {

/// Both outlive the commands.
control::Commands userCommands(users::Directory& directory, users::Registration& registration);

/// A user by id or e-mail; throws NOT_FOUND.
users::User findUser(users::Directory& directory, const std::string& id_or_email);

}  // namespace reeld::app::commands
