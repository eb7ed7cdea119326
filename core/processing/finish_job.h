// The job kind "encode-finish": every part is made. Verifies the whole, measures it, and makes it
// the encoding that plays, in one transaction; then away with what only its making needed.
#pragma once
#include "processing/abandonment.h"
#include "processing/encoding_part.h"
#include "processing/job_handler.h"

#include <vector>

namespace reeld::processing {

class FinishJob final : public JobHandler {
 public:
  explicit FinishJob(const Workshop& shop) : shop_(shop), abandonment_(shop) {}

  const std::string& kind() const override;
  bool isLight() const override { return true; }
  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  struct Whole;
  Whole gather(const EncodingWork& work);
  void verify(JobContext& context, const EncodingWork& work, Whole& whole);
  void publish(JobContext& context, const EncodingWork& work, const Whole& whole);
  void sweep(const EncodingWork& work);

  const Workshop& shop_;
  Abandonment abandonment_;
};

}  // namespace reeld::processing
