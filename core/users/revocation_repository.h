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
  EpochMs revoked_at = 0;  ///< stored no earlier than the database's clock has it
  EpochMs expires_at = 0;  ///< when the last grant it can concern has expired
};

void revoke(db::Session& session, const Revocation& revocation);

}  // namespace reeld::users
