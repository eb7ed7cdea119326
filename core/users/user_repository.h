// Users as rows. Deleted ones are never found.
#pragma once
#include "db/database.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

/// Nothing if the address is taken: of N concurrent calls exactly one gets an id.
std::optional<UserId> insertUser(db::Session& session, std::string_view email, Role role,
                                 EpochMs now);
std::optional<User> findUser(db::Session& session, UserId id);
/// By any spelling of the address.
std::optional<User> findUserByEmail(db::Session& session, std::string_view email);
/// Newest first.
std::vector<User> listUsers(db::Session& session, std::int64_t skip, std::int64_t limit);
std::int64_t countUsers(db::Session& session);
void setRole(db::Session& session, UserId id, Role role);
void setActive(db::Session& session, UserId id, bool active);
/// Takes address and name out of the row; its id stays.
void markDeleted(db::Session& session, UserId id);
/// Who has to activate has not proved his address, and who need not any more has.
void setAwaitsActivation(db::Session& session, UserId id, bool awaits);
/// He may sign in, and the address may be another's.
void setEmailUnproved(db::Session& session, UserId id);
bool isEmailUnproved(db::Session& session, UserId id);
/// Locks their rows until the transaction ends, so that two cannot demote each other at once.
std::vector<UserId> lockActiveAdmins(db::Session& session);
std::int64_t countActiveAdmins(db::Session& session);

}  // namespace reeld::users
