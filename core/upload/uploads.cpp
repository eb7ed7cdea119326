#include "upload/uploads.h"

#include "base/error.h"
#include "catalog/catalog.h"
#include "upload/reservation.h"
#include "upload/upload.h"
#include "upload/upload_repository.h"
#include "users/permission.h"

#include <algorithm>

namespace reeld::upload {

namespace {

void checkState(const catalog::Video& video) {
  switch (video.state) {
    case catalog::VideoState::Uploaded:
    case catalog::VideoState::Failed:
      return;
    case catalog::VideoState::Ready:
      if (!video.reprocessing) {
        return;  // replaced once what is made of the new file is READY
      }
      [[fallthrough]];
    case catalog::VideoState::Processing:
      throw Error(ErrorCode::Conflict,
                  "the source of this video is being processed: wait until that is over")
          .reason("video-processing");
  }
}

}  // namespace

Uploads::Uploads(db::Database& database, const Clock& clock, const Log& log,
                 storage::Storage& storage, Space& space, EnqueueSource enqueue,
                 UploadOptions options)
    : database_(database),
      clock_(clock),
      log_(log),
      storage_(storage),
      space_(space),
      enqueue_(std::move(enqueue)),
      options_(std::move(options)) {}

std::unique_ptr<Upload> Uploads::begin(const users::Viewer& viewer, catalog::VideoId video,
                                       std::optional<std::uint64_t> length) {
  return reserve(viewer, video, length);
}

std::unique_ptr<Upload> Uploads::beginNew(const users::Viewer& viewer,
                                          std::optional<std::uint64_t> length) {
  users::authorize(viewer, users::Action::CreateVideo);
  return reserve(viewer, std::nullopt, length);
}

std::unique_ptr<Upload> Uploads::reserve(const users::Viewer& viewer,
                                         std::optional<catalog::VideoId> video,
                                         std::optional<std::uint64_t> length) {
  const std::uint64_t reservation = firstReservation(length, options_.max_bytes);
  auto spool = std::make_unique<SpoolFile>(options_.spool_folder);
  forgetCut();
  const auto claim = database_.transact([&](db::Session& session) {
    const EpochMs now = clock_.now();
    users::UserId owner = viewer.user_id;
    if (video) {
      const auto found = catalog::visibleForUpdate(session, viewer, *video);
      users::authorize(viewer, users::Action::EditVideo, {.owner = found.creator_id});
      checkState(found);
      if (hasLiveUpload(session, *video, now)) {
        throw Error(ErrorCode::Conflict, "another upload to this video is under way")
            .reason("upload-under-way");
      }
      owner = found.creator_id;
    }
    checkQuota(session, owner, reservation, now, 0);
    const auto row_id = insertUpload(session, {.id = 0,
                                               .video_id = video,
                                               .user_id = owner,
                                               .reserved_bytes = reservation,
                                               .node = options_.node,
                                               .created_at = now,
                                               .expires_at = now + ReservationLife});
    return Upload::Claim{.row_id = row_id, .owner = owner, .video = video};
  });
  // From here on the row belongs to the upload, which gives it back if there is no room.
  auto upload = std::make_unique<Upload>(*this, viewer, claim, std::move(spool));
  upload->room_.grow(reservation);
  upload->reserved_ = reservation;
  return upload;
}

void Uploads::forgetCut() {
  const auto rows = cut_.with([](const auto& cut) { return cut; });
  if (rows.empty()) {
    return;
  }
  database_.transact([&](db::Session& session) {
    for (const auto row : rows) {
      removeUpload(session, row);
    }
  });
  cut_.with([&](auto& cut) {
    std::erase_if(cut,
                  [&](auto row) { return std::find(rows.begin(), rows.end(), row) != rows.end(); });
  });
}

void Uploads::checkQuota(db::Session& session, users::UserId owner, std::uint64_t bytes,
                         EpochMs now, std::int64_t upload_id) const {
  if (options_.quota_bytes == 0) {
    return;
  }
  const std::uint64_t used = quotaUsed(session, owner, now, upload_id);
  if (used > options_.quota_bytes || bytes > options_.quota_bytes - used) {
    throw Error(ErrorCode::Exhausted, "this file does not fit into the quota of " +
                                          std::to_string(options_.quota_bytes) +
                                          " bytes, of which " + std::to_string(used) +
                                          " are used: delete videos to make room")
        .reason("quota-full");
  }
}

void Uploads::sweepAtStart() {
  const auto swept = database_.transact(
      [&](db::Session& session) { return sweepUploads(session, options_.node, clock_.now()); });
  if (swept > 0) {
    log_.info("uploads cut by the last stop are forgotten", {{"count", swept}});
  }
}

}  // namespace reeld::upload
