// The job kind "encode-range": some whole segments of a title in all rungs, from one decode. Begins
// after the last segment an earlier life of it has published.
#pragma once
#include "processing/abandonment.h"
#include "processing/encoding_part.h"
#include "processing/job_handler.h"
#include "processing/report.h"
#include "processing/segment_publisher.h"

namespace reeld::processing {

class RangeJob final : public JobHandler {
 public:
  explicit RangeJob(const Workshop& shop) : shop_(shop), abandonment_(shop) {}

  const std::string& kind() const override;
  bool isLight() const override { return false; }
  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  Report encode(JobContext& context, const EncodingWork& work, const Task& task,
                SegmentPublisher& publisher, const TaskFolder& folder);
  FileDescriptor openSound(const EncodingWork& work, const Range& range);

  const Workshop& shop_;
  Abandonment abandonment_;
};

/// The first segment that is not published in every rung; the last one of a range that is whole: it
/// is made again for the sake of its report. Pure.
std::int64_t resumeAt(const Range& range, const std::vector<Rendition>& published);

}  // namespace reeld::processing
