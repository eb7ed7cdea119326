// Brings what the child made to where it is played from: file -> storage -> row, in this order, and
// only what is the segment it is said to be. The rows are the task's journal: what an earlier life
// of it published is not published again.
// Keys hold the lease token, so that a task whose lease is gone cannot overwrite a published byte.
#pragma once
#include "db/database.h"
#include "processing/encoder.h"
#include "processing/encoding.h"
#include "processing/encoding_part.h"
#include "processing/job_context.h"
#include "processing/task_folder.h"
#include "storage/storage.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::processing {

class SegmentPublisher {
 public:
  struct Target {
    const EncodingWork& work;
    std::vector<Rendition> renditions;  ///< the task's, with the segments that are published
    std::int64_t first = 0;             ///< segment the task begins with
    std::optional<std::int64_t> end;    ///< one past its last, if that is known
    bool is_progress = true;            ///< what is published counts for the title's progress
    bool is_beginning = true;           ///< with its first segment a rendition plays
  };
  SegmentPublisher(Target target, JobContext& context, const TaskFolder& folder,
                   storage::Storage& storage, db::Database& database);

  /// Reads the file and publishes it. The first one of a rendition puts that into the master
  /// playlist, the first of all makes the video playable. Throws Error: CORRUPT for a lie of the
  /// child, CANCELLED (fenced) when the lease is lost. Stops the job when its encoding was given
  /// up.
  void take(const MadeSegment& made);

  /// What the task made, whether or not it was there before.
  const std::vector<Rendition>& made() const noexcept { return made_; }

 private:
  struct Checked {
    Segment segment;
    std::string codecs;  ///< RFC 6381
  };
  Checked check(const MadeSegment& made) const;
  void publish(const MadeSegment& made, const Checked& checked);
  const Rendition* find(const std::string& name) const noexcept;
  bool isPublished(const MadeSegment& made) const noexcept;
  /// False if the segment was there already.
  bool insert(db::Session& session, const Rendition& rendition, const Checked& checked);

  Target target_;
  JobContext& context_;
  const TaskFolder& folder_;
  storage::Storage& storage_;
  db::Database& database_;
  std::vector<Rendition> made_;
  bool has_published_ = false;  ///< in this life
};

}  // namespace reeld::processing
