// Brings what the child made to where it is played from: file -> storage -> row, in this order, and
// only what is the segment it is said to be.
// Keys hold the lease token, so that a task whose lease is gone cannot overwrite a published byte.
#pragma once
#include "db/database.h"
#include "processing/encoder.h"
#include "processing/encoding.h"
#include "processing/job.h"
#include "processing/task_folder.h"
#include "storage/storage.h"

#include <map>
#include <optional>
#include <string>

namespace reeld::processing {

class SegmentPublisher {
 public:
  struct Target {
    std::int64_t video_id = 0;
    EncodingId encoding_id = 0;
    std::map<std::string, std::int64_t> renditions;  ///< name -> row
    bool audio_only = false;
  };
  SegmentPublisher(Target target, Lease lease, const TaskFolder& folder, storage::Storage& storage,
                   db::Database& database);

  /// Reads the file; its row to be. Throws Error CORRUPT for a lie of the child.
  Segment check(const MadeSegment& made) const;
  /// What check() accepted. Throws Error: CANCELLED (fenced) when the lease is lost.
  void publish(const MadeSegment& made, const Segment& checked);
  /// Stores the poster; its key.
  std::string storePoster(const std::string& path);

 private:
  void store(const std::string& path, const std::string& key, const std::string& content_type,
             std::optional<std::uint64_t> expected_size);

  Target target_;
  Lease lease_;
  const TaskFolder& folder_;
  storage::Storage& storage_;
  db::Database& database_;
};

}  // namespace reeld::processing
