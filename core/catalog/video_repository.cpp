#include "catalog/video_repository.h"

#include "catalog/video_counts.h"
#include "catalog/video_row.h"
#include "catalog/video_terms.h"

namespace reeld::catalog {

namespace {

const db::Statement InsertVideo{R"(
  INSERT INTO videos (creator_id, title, description, category, tags, is_paid, price_minor, state,
                      created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'UPLOADED', $8, $8)
  RETURNING id)"};

const db::Statement IsThere{"SELECT 1 FROM videos WHERE id = $1 AND deleted_at IS NULL"};
const db::Statement VideoById = selectVideos("WHERE v.id = $1");
const db::Statement ByIdLocked =
    selectVideos("WHERE v.id = $1 AND v.deleted_at IS NULL {FOR UPDATE}");

const db::Statement Update{R"(
  UPDATE videos SET title = $1, description = $2, category = $3, tags = $4, is_paid = $5,
                    price_minor = $6, updated_at = $7
  WHERE id = $8 AND deleted_at IS NULL)"};

const db::Statement SoftDelete{R"(
  UPDATE videos SET deleted_at = $1, updated_at = $1 WHERE id = $2 AND deleted_at IS NULL
  RETURNING state)"};

const db::Statement Restore{R"(
  UPDATE videos SET deleted_at = NULL, updated_at = $1
  WHERE id = $2 AND deleted_at IS NOT NULL AND purge_started_at IS NULL
  RETURNING state)"};

}  // namespace

VideoId insertVideo(db::Session& session, std::int64_t creator_id, const VideoDraft& draft,
                    EpochMs now) {
  const VideoId id =
      session
          .find(InsertVideo, creator_id, draft.title, draft.description, draft.category,
                printTags(draft.tags), draft.is_paid, draft.price_minor, now)
          ->integer(0);
  indexVideo(session, id, draft);
  countMove(session, id, std::nullopt, VideoState::Uploaded);
  session.announce(db::News::Catalog);
  return id;
}

std::optional<Video> findVideoEvenDeleted(db::Session& session, VideoId id) {
  auto row = session.find(VideoById, id);
  return row ? std::optional(videoOf(*row)) : std::nullopt;
}

std::optional<Video> findVideo(db::Session& session, VideoId id) {
  auto video = findVideoEvenDeleted(session, id);
  if (video && video->deleted_at) {
    return std::nullopt;
  }
  return video;
}

db::Asked askForVideo(db::Session& session, VideoId id) { return session.ask(IsThere, id); }

std::optional<Video> findVideoForUpdate(db::Session& session, VideoId id) {
  auto row = session.find(ByIdLocked, id);
  return row ? std::optional(videoOf(*row)) : std::nullopt;
}

bool updateVideo(db::Session& session, VideoId id, const VideoDraft& draft, EpochMs now) {
  if (session.execute(Update, draft.title, draft.description, draft.category, printTags(draft.tags),
                      draft.is_paid, draft.price_minor, now, id) != 1) {
    return false;
  }
  indexVideo(session, id, draft);
  session.announce(db::News::Catalog);
  return true;
}

bool softDeleteVideo(db::Session& session, VideoId id, EpochMs now) {
  session.announce(db::News::Catalog);
  const auto row = session.find(SoftDelete, now, id);
  if (row) {
    countMove(session, id, parseVideoState(row->text(0)), std::nullopt);
  }
  return row.has_value();
}

bool restoreVideo(db::Session& session, VideoId id, EpochMs now) {
  session.announce(db::News::Catalog);
  const auto row = session.find(Restore, now, id);
  if (row) {
    countMove(session, id, std::nullopt, parseVideoState(row->text(0)));
  }
  return row.has_value();
}

}  // namespace reeld::catalog
