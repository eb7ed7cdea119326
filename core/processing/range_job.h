// The job kind "encode-range": some whole segments of a title in all rungs, from one decode. Begins
// after the last segment an earlier life of it has published.
// And the kind "encode-first": the first segment of the title in its smallest rung, before and
// beside the range that makes it in all of them: then it can be played after a tenth of the work.
// Whichever is first with that segment publishes it; so a beginning that fails costs nothing.
#pragma once
#include "base/file_descriptor.h"
#include "processing/part_job.h"

namespace reeld::processing {

class RangeJob final : public PartJob {
 public:
  enum class Extent { Range, Beginning };
  explicit RangeJob(const Workshop& shop, Extent extent = Extent::Range)
      : PartJob(shop, extent == Extent::Range ? RangeKind : FirstKind,
                extent == Extent::Range ? Weight::Heavy : Weight::Light),
        extent_(extent) {}

  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  Range rangeOf(const Job& job) const;
  RungNames rungsOf(const Plan& plan) const;
  Json specOf(const EncodingWork& work, const Range& range, std::int64_t from) const;
  FileDescriptor openSound(const EncodingWork& work, const Range& range);

  const Extent extent_;
};

}  // namespace reeld::processing
