#include "users/revocation_repository.h"

#include <algorithm>
#include <atomic>

namespace reeld::users {

namespace {
const db::Statement InsertRevocation{R"(
  INSERT INTO revocations (user_id, session_id, video_id, revoked_at, expires_at)
  VALUES ($1, $2, $3, $4, $5))"};

// Of the process, as the clock is against whose steps it stands.
std::atomic<EpochMs> last_issued{0};
}  // namespace

void noteIssued(EpochMs time) noexcept {
  EpochMs known = last_issued;
  while (time > known && !last_issued.compare_exchange_weak(known, time)) {
  }
}

void revoke(db::Session& session, const Revocation& revocation) {
  // Daemons look for new rows by the database's clock; what this daemon issued goes by its own, and
  // may have been issued before that was set back. The latest of all is right for all.
  const EpochMs now = std::max(revocation.revoked_at, session.now());
  session.execute(InsertRevocation, revocation.user_id, revocation.session_id, revocation.video_id,
                  std::max(now, last_issued.load()), std::max(revocation.expires_at, now));
  session.announce(db::News::Revocation);
}

}  // namespace reeld::users
