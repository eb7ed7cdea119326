// Brings the parts of a title's sound to where its ranges find them: file -> storage -> row, and in
// the transaction of the row the range that waited for it is enqueued. What an earlier life of the
// job published is passed over.
#pragma once
#include "processing/encoder.h"
#include "processing/encoding_part.h"
#include "processing/task_folder.h"

#include <set>
#include <vector>

namespace reeld::processing {

class SoundPublisher {
 public:
  /// One part for each range the plan has to be encoded, if it has sound. All outlive this object.
  SoundPublisher(const Workshop& shop, JobContext& context, const EncodingWork& work,
                 const TaskFolder& folder);

  /// The first segments of all parts, as the encoder is asked for them.
  Json parts() const;
  /// Throws Error CORRUPT for a lie of the child, CANCELLED (fenced) when the lease is lost.
  void take(const MadeSegment& made);
  /// Throws Error CORRUPT if parts are missing.
  void requireAll() const;

 private:
  const Workshop& shop_;
  JobContext& context_;
  const EncodingWork& work_;
  const TaskFolder& folder_;
  const std::vector<Range> ranges_;
  std::set<std::int64_t> published_;  ///< by first segment
  bool has_published_ = false;        ///< in this life
};

}  // namespace reeld::processing
