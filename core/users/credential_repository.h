// What users prove themselves with: one record per user and provider, in the provider's own form.
#pragma once
#include "db/database.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld::users {

std::optional<std::string> findCredential(db::Session& session, UserId user,
                                          std::string_view provider);
/// The highest id of a record, of any provider; 0 if there is none.
std::int64_t lastCredential(db::Session& session);
/// The provider's record with the next higher id; nothing if it has none behind that one.
std::optional<std::string> credentialBehind(db::Session& session, std::string_view provider,
                                            std::int64_t id);
/// Whether there is a record of any provider.
bool hasCredential(db::Session& session, UserId user);
/// Adds the record or replaces the one there is of that provider.
void putCredential(db::Session& session, UserId user, std::string_view provider,
                   std::string_view record, EpochMs now);
/// All of a user's but the provider's (which may be "").
void deleteOtherCredentials(db::Session& session, UserId user, std::string_view provider);

}  // namespace reeld::users
