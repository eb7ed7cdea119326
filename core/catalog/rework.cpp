#include "catalog/rework.h"

#include "catalog/catalog.h"
#include "catalog/video_repository.h"
#include "users/permission.h"

namespace reeld::catalog {

Video Rework::run(const users::Viewer& viewer, VideoId id, const char* event, const Order& order) {
  return database_.transact([&](db::Session& session) {
    const Video video = visibleForUpdate(session, viewer, id);
    users::authorize(viewer, users::Action::EditVideo, {.owner = video.creator_id});
    order(session, id);
    recordEvent(session, event, viewer, id);
    return *findVideo(session, id);
  });
}

Video Rework::requeue(const users::Viewer& viewer, VideoId id) {
  return run(viewer, id, "video.requeued", queue_.requeue);
}

Video Rework::reprocess(const users::Viewer& viewer, VideoId id) {
  return run(viewer, id, "video.reprocessing", queue_.reprocess);
}

}  // namespace reeld::catalog
