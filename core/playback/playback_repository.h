// What playing reads and writes: an encoding as media, posters, counted views.
#pragma once
#include "db/database.h"
#include "playback/media.h"
#include "users/user.h"

#include <memory>
#include <optional>
#include <string>

namespace reeld::playback {

/// nullptr for an encoding that does not exist or has failed. A growing one lists its contiguous
/// prefix.
std::shared_ptr<const Media> loadMedia(db::Session& session, std::int64_t encoding_id);

/// Of an undeleted video.
std::optional<std::string> findPosterKey(db::Session& session, std::int64_t video_id);

/// True the first time for a token; then the event is written too.
bool countView(db::Session& session, std::int64_t video_id, users::UserId user,
               const std::string& token_id);

}  // namespace reeld::playback
