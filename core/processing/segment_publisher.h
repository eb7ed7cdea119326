// Brings what the child made to where it is played from: file -> storage -> row, in this order, and
// only what is the segment it is said to be. The rows are the task's journal: what an earlier life
// of it published is not published again.
// Keys hold the lease token, so that a task whose lease is gone cannot overwrite a published byte.
#pragma once
#include "db/database.h"
#include "processing/encoder.h"
#include "processing/encoding.h"
#include "processing/job_context.h"
#include "processing/ladder.h"
#include "processing/task_folder.h"
#include "storage/storage.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::processing {

class SegmentPublisher {
 public:
  struct Target {
    std::int64_t video_id = 0;
    EncodingId encoding_id = 0;
    std::vector<Rendition> renditions;  ///< with the segments that are published
    const Plan& plan;
    std::int64_t audio_bitrate = 0;   ///< 0 without sound
    std::int64_t first = 0;           ///< segment the task begins with
    std::optional<std::int64_t> end;  ///< one past its last, if that is known
  };
  SegmentPublisher(Target target, JobContext& context, const TaskFolder& folder,
                   storage::Storage& storage, db::Database& database);

  struct Checked {
    Segment segment;
    std::string codecs;  ///< RFC 6381
  };
  /// Reads the file; its row to be. Throws Error CORRUPT for a lie of the child.
  Checked check(const MadeSegment& made) const;
  /// What check() accepted. The first one of a rendition puts that into the master playlist, the
  /// first of all makes the video playable. Throws Error: CANCELLED (fenced) when the lease is
  /// lost. Stops the job when its encoding was given up.
  void publish(const MadeSegment& made, const Checked& checked);
  /// Stores the poster; its key.
  std::string storePoster(const std::string& path);

  /// What the task made, whether or not it was there before.
  const std::vector<Rendition>& made() const noexcept { return made_; }

 private:
  const Rendition* find(const std::string& name) const noexcept;
  bool isPublished(const MadeSegment& made) const noexcept;
  void insert(db::Session& session, const Rendition& rendition, const Checked& checked);

  Target target_;
  JobContext& context_;
  const TaskFolder& folder_;
  storage::Storage& storage_;
  db::Database& database_;
  std::vector<Rendition> made_;
  bool has_published_ = false;
};

}  // namespace reeld::processing
