// The picture an owner gives his video: small, so it is taken in, turned into a JPEG of ours and
// stored within its request. Taken away again, the one made of a frame is back.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "catalog/poster_maker.h"
#include "catalog/video.h"
#include "db/database.h"
#include "storage/storage.h"
#include "upload/spool_file.h"
#include "users/user.h"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace reeld::upload {

/// What they all work with; outlives them.
struct PosterParts {
  db::Database& database;
  const Clock& clock;
  const Log& log;
  storage::Storage& storage;
  catalog::PosterMaker& maker;
  std::string spool_folder;
};

/// One picture on its way in; one thread at a time. Destroyed unfinished, nothing is left of it.
class PosterUpload {
 public:
  PosterUpload(const PosterParts& parts, users::Viewer viewer, catalog::VideoId video)
      : parts_(parts), viewer_(std::move(viewer)), video_(video), spool_(parts.spool_folder) {}
  /// Throws INVALID (reason too-large).
  void write(std::span<const char> piece);
  /// The video with its new poster. Throws INVALID for what is no picture.
  catalog::Video finish();

 private:
  const PosterParts& parts_;
  users::Viewer viewer_;
  catalog::VideoId video_;
  SpoolFile spool_;
};

class Posters {
 public:
  static constexpr std::uint64_t MaxBytes = std::uint64_t{16} << 20;

  explicit Posters(PosterParts parts) : parts_(std::move(parts)) {}

  /// Throws NOT_FOUND, DENIED, INVALID (too-large).
  std::unique_ptr<PosterUpload> begin(const users::Viewer& viewer, catalog::VideoId video,
                                      std::optional<std::uint64_t> length);
  /// Back to the one that was made; nothing happens if there is no own one.
  catalog::Video remove(const users::Viewer& viewer, catalog::VideoId video);

 private:
  PosterParts parts_;
};

}  // namespace reeld::upload
