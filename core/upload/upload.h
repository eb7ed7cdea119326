// One file on its way in. Made by Uploads; written on io threads, finished on a worker, one thread
// at a time. Destroyed unfinished, it gives back all it held.
#pragma once
#include "upload/spool_file.h"
#include "upload/uploads.h"

namespace reeld::upload {

class Upload {
 public:
  /// What Uploads reserved for it: a row of the table uploads.
  struct Claim {
    std::int64_t row_id = 0;
    users::UserId owner = 0;  ///< whose quota pays
    std::optional<catalog::VideoId> video;
  };
  Upload(Uploads& uploads, users::Viewer viewer, Claim claim, std::unique_ptr<SpoolFile> spool);
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload();

  /// Throws INVALID (too-large), EXHAUSTED (storage-full, quota-full).
  void write(std::span<const char> piece);
  std::uint64_t received() const noexcept { return spool_->size(); }

  /// Hands the file over to the video it was begun for; returns the video: PROCESSING,
  /// or READY and reprocessing.
  catalog::Video finish(const std::string& file_name);
  /// The same for a video that is made now.
  catalog::Video finishAs(const catalog::VideoDraft& draft, const std::string& file_name);

 private:
  friend class Uploads;
  void extend(std::uint64_t reservation);
  catalog::Video handOver(catalog::VideoId video, const std::string& file_name);
  catalog::SourceId recordSource(db::Session& session, const catalog::Source& source);

  Uploads& uploads_;
  users::Viewer viewer_;
  Claim claim_;
  std::uint64_t reserved_ = 0;
  EpochMs renewed_at_;
  bool row_gone_ = false;
  Space::Promise room_;
  std::unique_ptr<SpoolFile> spool_;
};

}  // namespace reeld::upload
