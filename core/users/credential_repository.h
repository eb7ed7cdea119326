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
/// The record at a point from 0 to CredentialPoints - 1 of all there are, or the next of the
/// provider; nothing if that has none behind it.
std::optional<std::string> someCredential(db::Session& session, std::string_view provider,
                                          std::int64_t point);
constexpr std::int64_t CredentialPoints = 1 << 20;
/// Whether there is a record of any provider.
bool hasCredential(db::Session& session, UserId user);
/// Adds the record or replaces the one there is of that provider.
void putCredential(db::Session& session, UserId user, std::string_view provider,
                   std::string_view record, EpochMs now);
/// All of a user's but the provider's (which may be "").
void deleteOtherCredentials(db::Session& session, UserId user, std::string_view provider);

}  // namespace reeld::users
