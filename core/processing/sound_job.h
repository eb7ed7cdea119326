// The job kind "encode-sound": the sound of a title that is split, encoded once from its start (a
// range of its own would click at its edges) and published in parts. Each part lets its range
// begin, in the transaction that names it. Light: beside the pictures it costs next to nothing.
#pragma once
#include "processing/abandonment.h"
#include "processing/encoding_part.h"
#include "processing/job_handler.h"
#include "processing/task_folder.h"

#include <vector>

namespace reeld::processing {

class SoundJob final : public JobHandler {
 public:
  explicit SoundJob(const Workshop& shop) : shop_(shop), abandonment_(shop) {}

  const std::string& kind() const override;
  bool isLight() const override { return true; }
  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  struct Parts;
  void publish(JobContext& context, const EncodingWork& work, Parts& parts,
               const MadeSegment& made);

  const Workshop& shop_;
  Abandonment abandonment_;
};

}  // namespace reeld::processing
