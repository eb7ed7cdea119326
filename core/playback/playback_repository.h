// What playing reads and writes: an encoding as media, posters, counted views.
#pragma once
#include "base/clock.h"
#include "catalog/video.h"
#include "db/database.h"
#include "playback/media.h"
#include "users/user.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reeld::playback {

/// nullptr for an encoding that does not exist or has failed. A growing one lists its contiguous
/// prefix.
std::shared_ptr<const Media> loadMedia(db::Session& session, std::int64_t encoding_id);

bool hasStoryboard(db::Session& session, std::int64_t encoding_id);

/// Of an undeleted video; "" if it is READY and has no picture, nothing for any other without one.
std::optional<std::string> findPosterKey(db::Session& session, std::int64_t video_id);

/// Undeleted READY videos with an id below that one, newest first; only what lists and the access
/// rule need is filled in.
std::vector<catalog::Video> listReadyBefore(db::Session& session, catalog::VideoId before,
                                            std::int64_t limit);
/// Of these the ones that are free and the user's own.
std::vector<catalog::Video> listOpenBefore(db::Session& session, users::UserId user,
                                           catalog::VideoId before, std::int64_t limit);
/// The undeleted READY ones among these, newest first.
std::vector<catalog::Video> listReadyOf(db::Session& session,
                                        const std::vector<catalog::VideoId>& ids);

struct View {
  std::int64_t video = 0;
  users::UserId user = 0;
  std::string token_id;  ///< of the play token
  EpochMs at = 0;
  users::UserId creator = 0;  ///< of the video
};
/// True the first time for a token; then the event is written too.
bool countView(db::Session& session, const View& view);

}  // namespace reeld::playback
