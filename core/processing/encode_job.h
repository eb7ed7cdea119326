// The job kind "encode": what is to be made of a source. Probes it, plans, and in one transaction
// makes the encoding's rows and calls for its parts (encoding_part.h), which other jobs make, on
// this daemon and on others. Started over after a death it plans anew.
#pragma once
#include "catalog/source.h"
#include "processing/abandonment.h"
#include "processing/encoding_part.h"
#include "processing/job_handler.h"
#include "processing/ladder.h"

#include <string>

namespace reeld::processing {

class EncodeJob final : public JobHandler {
 public:
  EncodeJob(LadderSettings ladder, const Workshop& shop)
      : ladder_(std::move(ladder)), shop_(shop), abandonment_(shop) {}

  const std::string& kind() const override;
  bool isLight() const override { return true; }
  void prepare() override;
  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  catalog::Source findSource(const Job& job);
  void begin(JobContext& context, const catalog::Source& source, const Json& facts,
             const Plan& plan);
  void callForSubtitles(db::Session& session, const Job& job, const Json& facts,
                        EncodingId encoding);
  void enqueueParts(db::Session& session, const Job& job, const Plan& plan, EncodingId encoding);

  LadderSettings ladder_;
  const Workshop& shop_;
  Abandonment abandonment_;
};

}  // namespace reeld::processing
