#include "users/revocation_repository.h"

namespace reeld::users {

namespace {
const db::Statement Insert{R"(
  INSERT INTO revocations (user_id, session_id, video_id, revoked_at, expires_at)
  VALUES ($1, $2, $3, $4, $5))"};
}

void revoke(db::Session& session, const Revocation& revocation) {
  session.execute(Insert, revocation.user_id, revocation.session_id, revocation.video_id,
                  revocation.revoked_at, revocation.expires_at);
}

}  // namespace reeld::users
