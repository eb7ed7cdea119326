// Videos as rows. Every function works in the session it is given, so that a change, its event and
// its job stand or fall together; how many there are and what they are found by change with them.
// Only undeleted videos are touched unless the name says otherwise. Lists are in video_list.h.
#pragma once
#include "catalog/video.h"
#include "catalog/video_draft.h"
#include "db/database.h"

#include <optional>

namespace reeld::catalog {

VideoId insertVideo(db::Session& session, std::int64_t creator_id, const VideoDraft& draft,
                    EpochMs now);
std::optional<Video> findVideo(db::Session& session, VideoId id);
/// Whether it is there, undeleted: a row or none.
db::Asked askForVideo(db::Session& session, VideoId id);
std::optional<Video> findVideoEvenDeleted(db::Session& session, VideoId id);
/// The row is locked until the transaction ends (PostgreSQL; SQLite has one writer anyway).
std::optional<Video> findVideoForUpdate(db::Session& session, VideoId id);
/// Replaces everything a draft holds; false if there is no such video.
bool updateVideo(db::Session& session, VideoId id, const VideoDraft& draft, EpochMs now);
/// False if it was deleted already or never there.
bool softDeleteVideo(db::Session& session, VideoId id, EpochMs now);
/// False if it is not deleted, or purged already.
bool restoreVideo(db::Session& session, VideoId id, EpochMs now);

}  // namespace reeld::catalog
