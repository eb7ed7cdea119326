// The job kind "encode-range": some whole segments of a title in all rungs, from one decode. Begins
// after the last segment an earlier life of it has published.
#pragma once
#include "base/file_descriptor.h"
#include "processing/part_job.h"

namespace reeld::processing {

class RangeJob final : public PartJob {
 public:
  explicit RangeJob(const Workshop& shop) : PartJob(shop, RangeKind, Weight::Heavy) {}

  void run(JobContext& context) override;

 private:
  FileDescriptor openSound(const EncodingWork& work, const Range& range);
};

}  // namespace reeld::processing
