// Which picture a video shows: its owner's if he gave one, else the one that was made of a frame.
// Both are remembered, so that either may change without the other.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <optional>
#include <string>

namespace reeld::catalog {

/// What was made of a frame; shown unless there is an own one. The key of the one made before it,
/// which no row names any more.
std::optional<std::string> setMadePoster(db::Session& session, VideoId id, const std::string& key,
                                         EpochMs now);

/// The owner's picture; nothing takes it away again. The key of the own picture before it, which no
/// row names any more.
std::optional<std::string> setOwnPoster(db::Session& session, VideoId id,
                                        const std::optional<std::string>& key, EpochMs now);

}  // namespace reeld::catalog
