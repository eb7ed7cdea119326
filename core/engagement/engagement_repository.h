// Reactions and watch progress as rows, and what is counted of a video. Every function works in the
// session it is given; events are the service's business.
#pragma once
#include "catalog/video.h"
#include "db/database.h"
#include "engagement/reaction.h"
#include "engagement/watching.h"
#include "users/user.h"

#include <optional>

namespace reeld::engagement {

std::optional<Reaction> findReaction(db::Session& session, catalog::VideoId video,
                                     users::UserId user);
void putReaction(db::Session& session, catalog::VideoId video, users::UserId user,
                 Reaction reaction, EpochMs now);
/// The one that was there.
std::optional<Reaction> dropReaction(db::Session& session, catalog::VideoId video,
                                     users::UserId user);

struct ReactionCounts {
  std::int64_t likes = 0;
  std::int64_t dislikes = 0;
};
ReactionCounts countReactions(db::Session& session, catalog::VideoId video);

std::optional<Watch> findWatch(db::Session& session, catalog::VideoId video, users::UserId user);
void putWatch(db::Session& session, catalog::VideoId video, users::UserId user, const Watch& watch);
/// When the user's last counted view was.
std::optional<EpochMs> lastPlay(db::Session& session, catalog::VideoId video, users::UserId user);

struct Audience {
  std::int64_t views = 0;
  std::int64_t viewers = 0;     ///< people among them
  std::int64_t watched_ms = 0;  ///< all that was seen, each part once for each of them
};
Audience countAudience(db::Session& session, catalog::VideoId video);

}  // namespace reeld::engagement
