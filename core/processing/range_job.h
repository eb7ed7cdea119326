// The job kind "encode-range": some whole segments of a title in all rungs, from one decode. Begins
// after the last segment an earlier life of it has published.
#pragma once
#include "processing/part_job.h"
#include "processing/report.h"
#include "processing/segment_publisher.h"

namespace reeld::processing {

class RangeJob final : public PartJob {
 public:
  explicit RangeJob(const Workshop& shop) : PartJob(shop, RangeKind, Weight::Heavy) {}

  void run(JobContext& context) override;

 private:
  Report encode(JobContext& context, const EncodingWork& work, const Task& task,
                SegmentPublisher& publisher, const TaskFolder& folder);
  FileDescriptor openSound(const EncodingWork& work, const Range& range);
};

/// The first segment that is not published in every rung; the last one of a range that is whole: it
/// is made again for the sake of its report. Pure.
std::int64_t resumeAt(const Range& range, const std::vector<Rendition>& published);

}  // namespace reeld::processing
