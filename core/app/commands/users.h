// user create, list, role, reset-password, activate, deactivate, delete, sessions, logout.
#pragma once
#include "app/control/command.h"
#include "users/directory.h"
#include "users/passwords.h"
#include "users/registration.h"
#include "users/sessions.h"

#include <string>

namespace reeld::app::commands {

/// All of it outlives the commands.
struct UserParts {
  users::Directory& directory;
  users::Registration& registration;
  users::Passwords& passwords;
  users::Sessions& sessions;
};

control::Commands userCommands(UserParts parts);

/// A user by id or e-mail; throws NOT_FOUND.
users::User findUser(users::Directory& directory, const std::string& id_or_email);

}  // namespace reeld::app::commands
