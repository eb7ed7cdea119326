// Requests for a new password, as they came in: an address as it was typed, whether anybody has it
// or not. They lie here for the moment until ResetRequests looks at them.
#pragma once
#include "db/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

void addResetRequest(db::Session& session, std::string_view email);
/// The oldest, at most so many, taken out: the address keys.
std::vector<std::string> takeResetRequests(db::Session& session, std::int64_t limit);

}  // namespace reeld::users
