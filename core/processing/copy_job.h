// The job kind "encode-copy": the source's own pictures as the top rung, with the sound encoded
// once. The first job of a title, because its first segment is there at once; in its course the
// sound goes out in parts and lets the ranges begin, as with encode-sound. A source that proves to
// be other than its head said, or that the job fails with, is planned anew and encoded.
#pragma once
#include "processing/part_job.h"

namespace reeld::processing {

class CopyJob final : public PartJob {
 public:
  explicit CopyJob(const Workshop& shop) : PartJob(shop, CopyKind, Weight::Light) {}

  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;
};

}  // namespace reeld::processing
