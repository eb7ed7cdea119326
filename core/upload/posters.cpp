#include "upload/posters.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/video_poster.h"
#include "catalog/video_repository.h"
#include "catalog/video_work.h"
#include "storage/blob_key.h"
#include "upload/undo.h"
#include "users/permission.h"

#include <fcntl.h>

#include <cerrno>

namespace reeld::upload {

namespace {

[[noreturn]] void tooLarge() {
  throw Error(ErrorCode::Invalid, "a poster may have at most 16 MiB").reason("too-large");
}

/// The child must not be able to write to what it is given.
FileDescriptor readOnly(int fd) {
  FileDescriptor again(open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC));
  if (!again) {
    throw systemError("cannot open a spool file again", errno);
  }
  return again;
}

void requireEditable(db::Session& session, const users::Viewer& viewer, catalog::VideoId video) {
  const auto found = catalog::visibleForUpdate(session, viewer, video);
  users::authorize(viewer, users::Action::EditVideo, {.owner = found.creator_id});
}

/// Names the key, or the made picture; what was named before goes once that is certain.
catalog::Video show(const PosterParts& parts, const users::Viewer& viewer, catalog::VideoId video,
                    const std::optional<std::string>& key) {
  return parts.database.transact([&](db::Session& session) {
    requireEditable(session, viewer, video);
    if (const auto before = catalog::setOwnPoster(session, video, key, parts.clock.now())) {
      session.afterCommit([&parts, old = *before] {
        const Undo last(parts.log, "remove " + old + " from storage",
                        [&] { parts.storage.remove(old); });
      });
    }
    catalog::recordEvent(session, "video.updated", viewer, video);
    auto shown = *catalog::findVideo(session, video);
    catalog::fillWork(session, {&shown, 1});
    return shown;
  });
}

}  // namespace

void PosterUpload::write(std::span<const char> piece) {
  if (spool_.size() + piece.size() > Posters::MaxBytes) {
    tooLarge();
  }
  spool_.append(piece);
}

catalog::Video PosterUpload::finish() {
  const std::string key = storage::posterKey(video_, randomToken(16));
  Undo undo(parts_.log, "remove " + key + " from storage", [&] { parts_.storage.remove(key); });
  parts_.maker.make(readOnly(spool_.fd()).get(), [&](int fd, std::uint64_t size) {
    parts_.storage.adopt(
        {.key = key, .size = size, .modified_ms = 0, .etag = {}, .content_type = "image/jpeg"}, fd);
  });
  auto video = show(parts_, viewer_, video_, key);
  undo.dismiss();
  return video;
}

std::unique_ptr<PosterUpload> Posters::begin(const users::Viewer& viewer, catalog::VideoId video,
                                             std::optional<std::uint64_t> length) {
  if (length && *length > MaxBytes) {
    tooLarge();
  }
  parts_.database.transact([&](db::Session& session) { requireEditable(session, viewer, video); });
  return std::make_unique<PosterUpload>(parts_, viewer, video);
}

catalog::Video Posters::remove(const users::Viewer& viewer, catalog::VideoId video) {
  return show(parts_, viewer, video, std::nullopt);
}

}  // namespace reeld::upload
