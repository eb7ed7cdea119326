// Users as the API prints them: to themselves, and in the administrator's list; and where they are
// signed in.
#pragma once
#include "users/session_repository.h"
#include "users/user.h"

#include <string>
#include <vector>

namespace reeld::api {

std::string meJson(const users::User& user);
std::string usersJson(const std::vector<users::User>& users);
/// `current` is the id of the session that asks.
std::string sessionsJson(const std::vector<users::SignInSession>& sessions,
                         const std::string& current);

}  // namespace reeld::api
