// The door to encoding for the rest of the daemon: puts the work on a source into the queue, in the
// transaction that made the source, and takes a failed video up again.
#pragma once
#include "catalog/source.h"
#include "db/database.h"
#include "processing/job.h"
#include "processing/job_kinds.h"

#include <functional>
#include <string_view>

namespace reeld::processing {

/// Off: this source has been tried and cannot be copied.
enum class Copying { Auto, Off };

class EncodeQueue {
 public:
  /// `wake` is told after each commit that enqueued (JobRunner::wake), any thread.
  EncodeQueue(std::function<void()> wake, int max_attempts)
      : wake_(std::move(wake)), max_attempts_(max_attempts) {}

  /// Fits upload::EnqueueSource. Nothing happens if the source is in the queue already.
  void enqueue(db::Session& session, catalog::VideoId video, catalog::SourceId source,
               Copying copying = Copying::Auto);

  /// A FAILED video becomes PROCESSING with a new job for its newest source. Throws Error CONFLICT
  /// if it is not FAILED, NOT_FOUND if it has no source.
  void requeue(db::Session& session, catalog::VideoId video);

  /// A READY video is made anew from its newest source; what there is plays on. Throws Error
  /// CONFLICT if it is not READY or that is under way, NOT_FOUND if it has no source.
  void reprocess(db::Session& session, catalog::VideoId video);

  /// A discarded job and its video start over (reeldctl job retry); if it was a part of an encoding
  /// that was given up, the whole video does. Throws NOT_FOUND, CONFLICT; also of a part that the
  /// encoding goes on without; a storyboard alone is made by itself.
  void retry(db::Session& session, JobId job);

 private:
  void retryVideo(db::Session& session, catalog::VideoId video);

  std::function<void()> wake_;
  int max_attempts_;
};

}  // namespace reeld::processing
