// What it means that a job is given up: the encoding it belongs to never plays, its other jobs
// stop, its objects go, and the video says why. Once, whichever of its jobs comes first.
#pragma once
#include "db/database.h"
#include "processing/encoding.h"
#include "processing/job.h"
#include "processing/workshop.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::processing {

class Abandonment {
 public:
  explicit Abandonment(const Workshop& shop) : shop_(shop) {}

  /// All in the transaction that ends the job. `stage` is empty when the daemon that ran it is
  /// gone.
  void ofPart(db::Session& session, const Job& job, const std::string& stage, const Error& error);
  void ofVideo(db::Session& session, std::int64_t video, const std::string& stage,
               const Error& error);
  /// Whatever still grows of the video; nothing is said of it.
  void ofGrowing(db::Session& session, std::int64_t video);

  using Keys = std::vector<std::string>;
  /// Objects that no row names once this is committed.
  void removeLater(db::Session& session, std::int64_t video, const Keys& keys);
  /// What cannot be removed costs room and nothing else: it is told, and swept another time.
  void guarded(std::int64_t video, const std::function<void()>& sweeping) const;

 private:
  bool abandon(db::Session& session, const Encoding& encoding);
  void sweepLater(db::Session& session, const Encoding& encoding);
  void failVideo(db::Session& session, std::int64_t video, const std::string& stage,
                 const Error& error);

  const Workshop& shop_;
};

}  // namespace reeld::processing
