// Work on a source that is asked for again: a FAILED video is tried once more, a READY one is made
// anew while what there is plays on. The queue itself is processing's; this asks for it.
#pragma once
#include "catalog/video.h"
#include "db/database.h"
#include "users/user.h"

#include <functional>

namespace reeld::catalog {

/// What the queue does, in the session of the change. Each throws NOT_FOUND for a video without a
/// source, CONFLICT for one in another state.
struct ReworkQueue {
  std::function<void(db::Session&, VideoId)> requeue;    ///< FAILED -> PROCESSING
  std::function<void(db::Session&, VideoId)> reprocess;  ///< READY, reprocessing
};

class Rework {
 public:
  Rework(db::Database& database, ReworkQueue queue)
      : database_(database), queue_(std::move(queue)) {}

  /// For the owner and administrators; throws NOT_FOUND, DENIED, CONFLICT.
  Video requeue(const users::Viewer& viewer, VideoId id);
  Video reprocess(const users::Viewer& viewer, VideoId id);

 private:
  using Order = std::function<void(db::Session&, VideoId)>;
  Video run(const users::Viewer& viewer, VideoId id, const char* event, const Order& order);

  db::Database& database_;
  ReworkQueue queue_;
};

}  // namespace reeld::catalog
