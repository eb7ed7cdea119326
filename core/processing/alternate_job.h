// The job kind "encode-alternate": one track of a title's sound beside the one in its pictures, as
// a rendition of its own. The last jobs before the end of an encoding: only when the pictures are
// made is it known where a title ends, and nothing that plays waits for them. A track that cannot
// be made is left out, and the title is READY without it.
#pragma once
#include "processing/part_job.h"

namespace reeld::processing {

class AlternateJob final : public PartJob {
 public:
  explicit AlternateJob(const Workshop& shop) : PartJob(shop, AlternateKind, Weight::Heavy) {}

  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  struct Track;
  Track openTrack(const EncodingWork& work, const Job& job);
  /// What was published lies where the title's own segments do.
  void requireOnGrid(const EncodingWork& work, const Track& track);
  Json specOf(const EncodingWork& work, const Track& track, std::int64_t from) const;
};

}  // namespace reeld::processing
