// Takes files in: rights, quota and room are checked and reserved before the first byte, the body
// goes to a spool file, and at its end storage takes the file over and one transaction writes what
// it is: source, video PROCESSING, job, event. An upload that is cut short leaves nothing.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "catalog/source.h"
#include "catalog/video_draft.h"
#include "db/database.h"
#include "storage/storage.h"
#include "upload/space.h"
#include "users/user.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace reeld::upload {

struct UploadOptions {
  std::string spool_folder;  ///< <data_dir>/spool; exists
  std::string node;          ///< this daemon's name among those that share the database
  std::uint64_t max_bytes = std::uint64_t{20} << 30;
  std::uint64_t quota_bytes = 0;  ///< of all sources of one user; 0 = none
};

/// Enqueues the work on a new source in the transaction that made it.
using EnqueueSource =
    std::function<void(db::Session&, catalog::VideoId video, catalog::SourceId source)>;

class Upload;

class Uploads {
 public:
  /// Everything outlives this.
  Uploads(db::Database& database, const Clock& clock, const Log& log, storage::Storage& storage,
          Space& space, EnqueueSource enqueue, UploadOptions options);

  /// A file for a video there is. `length` is nothing when it is not known beforehand. Throws
  /// NOT_FOUND, DENIED, CONFLICT (another upload runs; its source is being processed), INVALID
  /// (reason too-large), EXHAUSTED (reasons storage-full, quota-full).
  std::unique_ptr<Upload> begin(const users::Viewer& viewer, catalog::VideoId video,
                                std::optional<std::uint64_t> length);
  /// A file whose video is made with it.
  std::unique_ptr<Upload> beginNew(const users::Viewer& viewer,
                                   std::optional<std::uint64_t> length);

  std::uint64_t maxBytes() const noexcept { return options_.max_bytes; }

  /// Once, before the first upload: whatever this daemon was receiving when it stopped is over.
  void sweepAtStart();

 private:
  friend class Upload;
  std::unique_ptr<Upload> reserve(const users::Viewer& viewer,
                                  std::optional<catalog::VideoId> video,
                                  std::optional<std::uint64_t> length);
  void forgetCut();
  void checkQuota(db::Session& session, users::UserId owner, std::uint64_t bytes, EpochMs now,
                  std::int64_t upload_id) const;

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  storage::Storage& storage_;
  Space& space_;
  EnqueueSource enqueue_;
  UploadOptions options_;
  // Rows of uploads that were cut: their ends come where no database call belongs, so the next one
  // to reserve takes them away.
  Guarded<std::vector<std::int64_t>> cut_;
};

}  // namespace reeld::upload
