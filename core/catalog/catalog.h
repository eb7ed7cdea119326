// The catalogue: creating, finding, listing, changing and removing videos, and who sees which. What
// a viewer may not see is NOT_FOUND and not DENIED, so that nothing is told about it.
#pragma once
#include "base/clock.h"
#include "catalog/completion.h"
#include "catalog/video_draft.h"
#include "catalog/video_list.h"
#include "db/database.h"
#include "users/user.h"

#include <span>

namespace reeld::catalog {

class Catalog {
 public:
  Catalog(db::Database& database, const Clock& clock, Completion& completion);

  /// Throws INVALID with all faults, then DENIED.
  Video create(const users::Viewer& viewer, VideoDraft draft);

  /// ADMIN: every undeleted video; CREATOR: READY ones and his own; VIEWER: READY ones. Deleted
  /// ones are for administrators (DENIED).
  VideoPage list(const users::Viewer& viewer, const VideoQuery& query, std::int64_t skip,
                 std::int64_t limit);
  Video get(const users::Viewer& viewer, VideoId id);
  Video update(const users::Viewer& viewer, VideoId id, const VideoChange& change);
  /// Soft: restore() undoes it. Grants end at once.
  void remove(const users::Viewer& viewer, VideoId id);
  void restore(const users::Viewer& viewer, VideoId id);
  /// The only edge that a person may take is PROCESSING -> READY, if it is verified; otherwise
  /// INVALID (reason invalid-transition).
  Video forceState(const users::Viewer& viewer, VideoId id, VideoState to);

 private:
  void addWork(std::span<Video> videos);

  db::Database& database_;
  const Clock& clock_;
  Completion& completion_;
};

bool maySee(const users::Viewer& viewer, const Video& video) noexcept;

/// Locked for the rest of the transaction; throws NOT_FOUND for what is missing, deleted or not
/// shown.
Video visibleForUpdate(db::Session& session, const users::Viewer& viewer, VideoId id);

/// The row and its event; the rights and the draft are checked already.
VideoId addVideo(db::Session& session, const users::Viewer& viewer, const VideoDraft& draft,
                 EpochMs now);

/// Writes an event about the video, in the transaction of what it tells of.
void recordEvent(db::Session& session, const char* type, const users::Viewer& by, VideoId id);

}  // namespace reeld::catalog
