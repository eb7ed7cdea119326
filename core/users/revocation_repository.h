// Writes revocations: from revoked_at on, whatever was issued at or before it is void for its user,
// its session, its video, or that user and that video. playback/ reads them and refuses the grants.
#pragma once
#include "db/database.h"

#include <cstdint>
#include <optional>
#include <string>

namespace reeld::users {

struct Revocation {
  std::optional<std::int64_t> user_id;
  std::optional<std::string> session_id;
  std::optional<std::int64_t> video_id;
  /// Stored no earlier than the database's clock has it, and no earlier than what was issued here
  /// last.
  EpochMs revoked_at = 0;
  EpochMs expires_at = 0;  ///< when the last grant it can concern has expired
};

void revoke(db::Session& session, const Revocation& revocation);

/// Something was issued by this process that carries this time. If the clock is set back later, a
/// revocation still voids it. Any thread, [hot].
void noteIssued(EpochMs time) noexcept;

}  // namespace reeld::users
