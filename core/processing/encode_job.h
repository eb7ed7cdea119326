// The job kind "encode": from a stored source to a verified encoding. Probe, plan, encode and
// publish segment by segment, verify, and then one transaction that makes the video READY. Started
// over after a death it begins anew under its new lease; what the dead one left is swept.
#pragma once
#include "base/log.h"
#include "catalog/source.h"
#include "db/database.h"
#include "processing/encoder.h"
#include "processing/encoding.h"
#include "processing/job_handler.h"
#include "processing/ladder.h"
#include "processing/report.h"
#include "processing/segment_publisher.h"
#include "storage/storage.h"

#include <functional>
#include <memory>
#include <string>

namespace reeld::processing {

struct EncodeOptions {
  LadderSettings ladder;
  std::string work_dir;  ///< exists; a folder per task
};

class EncodeJob final : public JobHandler {
 public:
  EncodeJob(EncodeOptions options, Encoder& encoder, storage::Storage& storage,
            db::Database& database, const Log& log);

  const std::string& kind() const override;
  void prepare() override;
  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  struct Made;
  catalog::Source findSource(const Job& job);
  Plan plan(JobContext& context, const catalog::Source& source, int source_fd);
  SegmentPublisher::Target begin(JobContext& context, const catalog::Source& source,
                                 const Plan& plan);
  Made encode(JobContext& context, const Plan& plan, const SegmentPublisher::Target& target,
              int source_fd);
  std::vector<Rendition> verify(JobContext& context, const Plan& plan, EncodingId encoding,
                                const Report& report);
  void finish(JobContext& context, const SegmentPublisher::Target& target, const Made& made,
              const std::vector<Rendition>& renditions);
  /// A file that was to replace another and cannot be used is forgotten: the one that plays is the
  /// newest again.
  void dropRejected(db::Session& session, std::int64_t video);
  using Keys = std::vector<std::string>;
  /// Objects that no row names once this is committed.
  void removeLater(db::Session& session, std::int64_t video, const Keys& keys);
  void sweep(const SegmentPublisher::Target& target, const std::string& lease_token);
  void guardedSweep(std::int64_t video, const std::function<void()>& sweeping) const;

  EncodeOptions options_;
  Encoder& encoder_;
  storage::Storage& storage_;
  db::Database& database_;
  const Log& log_;
};

}  // namespace reeld::processing
