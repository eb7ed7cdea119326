#include "users/session_repository.h"

namespace reeld::users {

namespace {
const db::Statement Insert{R"(
  INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $4, $5))"};

// One statement for every request of a signed-in user: two lookups by primary key.
const db::Statement Find{R"(
  SELECT u.role
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3
    AND u.is_active = 1 AND u.deleted_at IS NULL)"};
}  // namespace

void insertSession(db::Session& session, const SignInSession& sign_in) {
  session.execute(Insert, sign_in.id, sign_in.user_id, sign_in.generation, sign_in.created_at,
                  sign_in.expires_at);
}

std::optional<Viewer> findViewer(db::Session& session, const std::string& session_id,
                                 UserId user_id, EpochMs now) {
  const auto row = session.find(Find, session_id, user_id, now);
  const auto role = row ? parseRole(row->text(0)) : std::nullopt;
  if (!role) {
    return std::nullopt;
  }
  return Viewer{.user_id = user_id, .role = *role, .session_id = session_id, .token_id = {}};
}

}  // namespace reeld::users
