// What a kind of job does. The runner claims, renews and settles; the handler works.
#pragma once
#include "base/error.h"
#include "processing/job_context.h"

#include <string>

namespace reeld::processing {

class JobHandler {
 public:
  virtual ~JobHandler() = default;
  virtual const std::string& kind() const = 0;
  /// Cheap enough to run beside as many others as a daemon may run: it never waits behind them.
  virtual bool isLight() const = 0;
  /// Once, before the first claim: away with what an earlier life of this daemon left.
  virtual void prepare() {}
  /// Does the work and completes the job in the transaction of its last effect, fenced. Idempotent:
  /// a job whose daemon died starts over under a new lease. Throws Error.
  virtual void run(JobContext& context) = 0;
  /// In the transaction that discards or cancels the job: says so where its user looks. `stage` is
  /// empty when the daemon that ran it is gone.
  virtual void giveUp(db::Session& session, const Job& job, const std::string& stage,
                      const Error& error) = 0;
};

}  // namespace reeld::processing
