// The job kind "encode-sound": the sound of a title that is split, encoded once from its start (a
// range of its own would click at its edges) and published in parts. Each part lets its range
// begin, in the transaction that names it. Light: beside the pictures it costs next to nothing.
#pragma once
#include "processing/part_job.h"

namespace reeld::processing {

class SoundJob final : public PartJob {
 public:
  explicit SoundJob(const Workshop& shop) : PartJob(shop, SoundKind, Weight::Light) {}

  void run(JobContext& context) override;
};

}  // namespace reeld::processing
