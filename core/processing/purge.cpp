#include "processing/purge.h"

#include "base/error.h"
#include "catalog/video_purge.h"
#include "catalog/video_repository.h"
#include "processing/job_repository.h"
#include "processing/sweep.h"

namespace reeld::processing {

bool Purge::isIdle(catalog::VideoId id, EpochMs now) {
  return database_.transact([&](db::Session& session) {
    if (!catalog::findVideoEvenDeleted(session, id)) {
      throw Error(ErrorCode::NotFound, "there is no video " + std::to_string(id));
    }
    if (!catalog::markPurging(session, id, now)) {
      throw Error(ErrorCode::Conflict, "video " + std::to_string(id) + " is not deleted");
    }
    bool is_idle = true;
    for (const JobId job : openJobsOf(session, id)) {
      cancelJob(session, job);
      const auto left = findJob(session, job);
      is_idle = is_idle && left && left->state != JobState::Running;
    }
    return is_idle;
  });
}

bool Purge::run(catalog::VideoId id, EpochMs now) {
  if (!isIdle(id, now)) {
    return false;
  }
  const std::int64_t objects = sweepVideo(storage_, id);
  database_.transact([&](db::Session& session) { catalog::dropVideoRows(session, id); });
  log_.info("a video was purged", {{"video", id}, {"objects", objects}});
  return true;
}

}  // namespace reeld::processing
