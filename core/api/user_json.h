// Users as the API prints them: to themselves, and in the administrator's list.
#pragma once
#include "users/user.h"

#include <string>
#include <vector>

namespace reeld::api {

std::string meJson(const users::User& user);
std::string usersJson(const std::vector<users::User>& users);

}  // namespace reeld::api
