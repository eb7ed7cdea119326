// Sign-in sessions as rows: the `sid` of tokens. A session that is revoked, expired or whose user
// is gone or deactivated gives no viewer, from the very next request on.
#pragma once
#include "db/database.h"
#include "users/user.h"

#include <optional>
#include <string>

namespace reeld::users {

struct SignInSession {
  std::string id;
  UserId user_id = 0;
  std::int64_t generation = 0;  ///< of the refresh token that is good now
  EpochMs created_at = 0;
  EpochMs expires_at = 0;
};

void insertSession(db::Session& session, const SignInSession& sign_in);

/// The user behind a session, with today's role, if both are good; token_id stays empty.
std::optional<Viewer> findViewer(db::Session& session, const std::string& session_id,
                                 UserId user_id, EpochMs now);

}  // namespace reeld::users
