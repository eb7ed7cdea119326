// The job kind "encode-finish": every part is made. Verifies the whole, measures it, and makes it
// the encoding that plays, in one transaction; then away with what only its making needed.
#pragma once
#include "processing/part_job.h"

namespace reeld::processing {

class FinishJob final : public PartJob {
 public:
  explicit FinishJob(const Workshop& shop) : PartJob(shop, FinishKind, Weight::Light) {}

  void run(JobContext& context) override;

 private:
  struct Whole;
  Whole gather(const EncodingWork& work);
  void verify(JobContext& context, const EncodingWork& work, Whole& whole);
  void publish(JobContext& context, const EncodingWork& work, const Whole& whole);
  void sweep(const EncodingWork& work);
};

}  // namespace reeld::processing
