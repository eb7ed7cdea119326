#include "users/revocation_repository.h"

#include <algorithm>

namespace reeld::users {

namespace {
const db::Statement Insert{R"(
  INSERT INTO revocations (user_id, session_id, video_id, revoked_at, expires_at)
  VALUES ($1, $2, $3, $4, $5))"};
}

void revoke(db::Session& session, const Revocation& revocation) {
  // Daemons look for new rows by the database's clock; what this daemon issued goes by its own. The
  // later of the two is right for both.
  const EpochMs revoked_at = std::max(revocation.revoked_at, session.now());
  session.execute(Insert, revocation.user_id, revocation.session_id, revocation.video_id,
                  revoked_at, std::max(revocation.expires_at, revoked_at));
  session.announce(db::News::Revocation);
}

}  // namespace reeld::users
