#include "upload/upload.h"

#include "base/error.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "db/outbox.h"
#include "storage/blob_key.h"
#include "upload/reservation.h"
#include "upload/undo.h"
#include "upload/upload_repository.h"

namespace reeld::upload {

Upload::Upload(Uploads& uploads, users::Viewer viewer, Claim claim,
               std::unique_ptr<SpoolFile> spool)
    : uploads_(uploads),
      viewer_(std::move(viewer)),
      claim_(claim),
      renewed_at_(uploads.clock_.now()),
      room_(uploads.space_),
      spool_(std::move(spool)) {}

Upload::~Upload() {
  if (!row_gone_) {
    uploads_.cut_.with([&](auto& rows) { rows.push_back(claim_.row_id); });
  }
}

void Upload::write(std::span<const char> piece) {
  const std::uint64_t needed = received() + piece.size();
  if (needed > reserved_) {
    extend(nextReservation(needed, uploads_.options_.max_bytes));
  } else if (uploads_.clock_.now() - renewed_at_ >= ReservationRenewal) {
    extend(reserved_);
  }
  spool_->append(piece);
  room_.wrote(piece.size());
}

void Upload::extend(std::uint64_t reservation) {
  room_.grow(reservation - reserved_);
  const EpochMs now = uploads_.clock_.now();
  uploads_.database_.transact([&](db::Session& session) {
    uploads_.checkQuota(session, claim_.owner, reservation, now, claim_.row_id);
    if (!renewUpload(session, claim_.row_id, reservation, received(), now + ReservationLife)) {
      throw Error(ErrorCode::Conflict, "the time of this upload is over: begin it anew")
          .reason("upload-expired");
    }
  });
  reserved_ = reservation;
  renewed_at_ = now;
}

catalog::Video Upload::finish(const std::string& file_name) {
  if (!claim_.video) {
    throw Error(ErrorCode::Internal, "an upload without a video was finished as if it had one");
  }
  return handOver(*claim_.video, file_name);
}

catalog::Video Upload::finishAs(const catalog::VideoDraft& draft, const std::string& file_name) {
  const auto stored = catalog::checked(draft);
  const auto id = uploads_.database_.transact([&](db::Session& session) {
    return catalog::addVideo(session, viewer_, stored, uploads_.clock_.now());
  });
  Undo undo(uploads_.log_, "remove a video whose file could not be stored", [&, id] {
    uploads_.database_.transact([&](db::Session& session) {
      catalog::softDeleteVideo(session, id, uploads_.clock_.now());
    });
  });
  auto video = handOver(id, file_name);
  undo.dismiss();
  return video;
}

catalog::Video Upload::handOver(catalog::VideoId video, const std::string& file_name) {
  const Digest digest = spool_->finish();
  const std::string key = storage::sourceKey(video, randomToken(16));
  Undo undo(uploads_.log_, "remove " + key + " from storage",
            [&] { uploads_.storage_.remove(key); });
  uploads_.storage_.adopt(
      {.key = key, .size = received(), .modified_ms = 0, .etag = {}, .content_type = {}},
      spool_->fd());
  const auto result = uploads_.database_.transact([&](db::Session& session) {
    recordSource(session, {.id = 0,
                           .video_id = video,
                           .storage_key = key,
                           .file_name = file_name,
                           .size_bytes = static_cast<std::int64_t>(received()),
                           .sha256 = toHex(digest),
                           .facts = std::nullopt,
                           .created_at = uploads_.clock_.now()});
    return *catalog::findVideo(session, video);
  });
  undo.dismiss();
  row_gone_ = true;
  return result;
}

catalog::SourceId Upload::recordSource(db::Session& session, const catalog::Source& source) {
  if (!catalog::findVideoForUpdate(session, source.video_id)) {
    throw Error(ErrorCode::NotFound, "this video was deleted while its file was on the way");
  }
  if (!removeUpload(session, claim_.row_id)) {
    throw Error(ErrorCode::Conflict, "the time of this upload is over: begin it anew")
        .reason("upload-expired");
  }
  const auto id = catalog::insertSource(session, source);
  if (!catalog::startProcessing(session, source.video_id, source.created_at) &&
      !catalog::startReprocessing(session, source.video_id, source.created_at)) {
    throw Error(ErrorCode::Conflict, "this video got another source meanwhile");
  }
  uploads_.enqueue_(session, source.video_id, id);
  JsonWriter json;
  json.beginObject()
      .member("video_id", source.video_id)
      .member("source_id", id)
      .member("size_bytes", source.size_bytes)
      .endObject();
  // Whoever is at the machine itself is no user.
  const auto by = viewer_.user_id > 0 ? std::optional(viewer_.user_id) : std::nullopt;
  db::record(session, {.type = "video.uploaded",
                       .user_id = by,
                       .subject = "video:" + std::to_string(source.video_id),
                       .json = json.take()});
  return id;
}

}  // namespace reeld::upload
