// Videos as rows. Every function works in the session it is given, so that a change, its event and
// its job stand or fall together. Only undeleted videos are touched unless the name says otherwise.
#pragma once
#include "catalog/video.h"
#include "catalog/video_draft.h"
#include "db/database.h"

#include <optional>
#include <vector>

namespace reeld::catalog {

VideoId insertVideo(db::Session& session, std::int64_t creator_id, const VideoDraft& draft,
                    EpochMs now);
std::optional<Video> findVideo(db::Session& session, VideoId id);
std::optional<Video> findVideoEvenDeleted(db::Session& session, VideoId id);
/// The row is locked until the transaction ends (PostgreSQL; SQLite has one writer anyway).
std::optional<Video> findVideoForUpdate(db::Session& session, VideoId id);
/// Replaces everything a draft holds; false if there is no such video.
bool updateVideo(db::Session& session, VideoId id, const VideoDraft& draft, EpochMs now);
/// False if it was deleted already or never there.
bool softDeleteVideo(db::Session& session, VideoId id, EpochMs now);
/// False if there is no such row; one that was not deleted stays as it is.
bool restoreVideo(db::Session& session, VideoId id, EpochMs now);

/// Which videos a list shows: all undeleted ones, or READY ones plus those of one creator.
struct VideoFilter {
  bool all = false;
  std::optional<std::int64_t> also_of;
};
/// Newest first.
std::vector<Video> listVideos(db::Session& session, const VideoFilter& filter, std::int64_t skip,
                              std::int64_t limit);
std::int64_t countVideos(db::Session& session, const VideoFilter& filter);

}  // namespace reeld::catalog
