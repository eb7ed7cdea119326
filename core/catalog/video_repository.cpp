#include "catalog/video_repository.h"

#include "base/error.h"

namespace reeld::catalog {

namespace {

const db::Statement Insert{R"(
  INSERT INTO videos (creator_id, title, description, category, is_paid, price_minor, state,
                      created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, 'UPLOADED', $7, $7)
  RETURNING id)"};

const db::Statement ById{R"(
  SELECT id, creator_id, title, description, category, is_paid, price_minor, state,
         failure_stage, failure_cause, failure_hint, damaged, duration_ms, current_encoding,
         poster_key, created_at, updated_at, deleted_at
  FROM videos WHERE id = $1)"};

const db::Statement ByIdLocked{R"(
  SELECT id, creator_id, title, description, category, is_paid, price_minor, state,
         failure_stage, failure_cause, failure_hint, damaged, duration_ms, current_encoding,
         poster_key, created_at, updated_at, deleted_at
  FROM videos WHERE id = $1 AND deleted_at IS NULL {FOR UPDATE})"};

const db::Statement Update{R"(
  UPDATE videos SET title = $1, description = $2, category = $3, is_paid = $4, price_minor = $5,
                    updated_at = $6
  WHERE id = $7 AND deleted_at IS NULL)"};

const db::Statement SoftDelete{R"(
  UPDATE videos SET deleted_at = $1, updated_at = $1 WHERE id = $2 AND deleted_at IS NULL)"};

// An undeleted video keeps its updated_at: restoring it changes nothing.
const db::Statement Restore{R"(
  UPDATE videos SET updated_at = CASE WHEN deleted_at IS NULL THEN updated_at ELSE $1 END,
                    deleted_at = NULL
  WHERE id = $2)"};

// Ids are handed out in order, so newest first is by id: an updated row does not jump.
const db::Statement ListAll{R"(
  SELECT id, creator_id, title, description, category, is_paid, price_minor, state,
         failure_stage, failure_cause, failure_hint, damaged, duration_ms, current_encoding,
         poster_key, created_at, updated_at, deleted_at
  FROM videos WHERE deleted_at IS NULL
  ORDER BY id DESC LIMIT $1 OFFSET $2)"};

const db::Statement ListReadyOrOf{R"(
  SELECT id, creator_id, title, description, category, is_paid, price_minor, state,
         failure_stage, failure_cause, failure_hint, damaged, duration_ms, current_encoding,
         poster_key, created_at, updated_at, deleted_at
  FROM videos WHERE deleted_at IS NULL AND (state = 'READY' OR creator_id = $1)
  ORDER BY id DESC LIMIT $2 OFFSET $3)"};

const db::Statement CountAll{"SELECT COUNT(*) FROM videos WHERE deleted_at IS NULL"};

const db::Statement CountReadyOrOf{R"(
  SELECT COUNT(*) FROM videos WHERE deleted_at IS NULL AND (state = 'READY' OR creator_id = $1))"};

// No user has this id: the filter of somebody who owns nothing.
constexpr std::int64_t Nobody = 0;

Video read(const db::Row& row) {
  const auto state = parseVideoState(row.text(7));
  if (!state) {
    throw Error(ErrorCode::Internal, "video " + std::to_string(row.integer(0)) +
                                         " has the unknown state " + row.text(7));
  }
  Video video{.id = row.integer(0),
              .creator_id = row.integer(1),
              .title = row.text(2),
              .description = row.maybeText(3),
              .category = row.text(4),
              .is_paid = row.flag(5),
              .price_minor = row.maybeInteger(6),
              .state = *state,
              .failure = std::nullopt,
              .damaged = row.flag(11),
              .duration_ms = row.maybeInteger(12),
              .current_encoding = row.maybeInteger(13),
              .poster_key = row.maybeText(14),
              .created_at = row.integer(15),
              .updated_at = row.integer(16),
              .deleted_at = row.maybeInteger(17)};
  if (!row.isNull(8)) {
    video.failure = Failure{.stage = row.text(8),
                            .cause = row.maybeText(9).value_or(""),
                            .hint = row.maybeText(10).value_or("")};
  }
  return video;
}

}  // namespace

VideoId insertVideo(db::Session& session, std::int64_t creator_id, const VideoDraft& draft,
                    EpochMs now) {
  return session
      .query(Insert, creator_id, draft.title, draft.description, draft.category, draft.is_paid,
             draft.price_minor, now)
      .at(0)
      .integer(0);
}

std::optional<Video> findVideoEvenDeleted(db::Session& session, VideoId id) {
  const auto row = session.find(ById, id);
  return row ? std::optional(read(*row)) : std::nullopt;
}

std::optional<Video> findVideo(db::Session& session, VideoId id) {
  auto video = findVideoEvenDeleted(session, id);
  if (video && video->deleted_at) {
    return std::nullopt;
  }
  return video;
}

std::optional<Video> findVideoForUpdate(db::Session& session, VideoId id) {
  const auto row = session.find(ByIdLocked, id);
  return row ? std::optional(read(*row)) : std::nullopt;
}

bool updateVideo(db::Session& session, VideoId id, const VideoDraft& draft, EpochMs now) {
  return session.execute(Update, draft.title, draft.description, draft.category, draft.is_paid,
                         draft.price_minor, now, id) == 1;
}

bool softDeleteVideo(db::Session& session, VideoId id, EpochMs now) {
  return session.execute(SoftDelete, now, id) == 1;
}

bool restoreVideo(db::Session& session, VideoId id, EpochMs now) {
  return session.execute(Restore, now, id) == 1;
}

std::vector<Video> listVideos(db::Session& session, const VideoFilter& filter, std::int64_t skip,
                              std::int64_t limit) {
  const auto rows =
      filter.all ? session.query(ListAll, limit, skip)
                 : session.query(ListReadyOrOf, filter.also_of.value_or(Nobody), limit, skip);
  std::vector<Video> videos;
  videos.reserve(rows.size());
  for (const auto& row : rows) {
    videos.push_back(read(row));
  }
  return videos;
}

std::int64_t countVideos(db::Session& session, const VideoFilter& filter) {
  const auto rows = filter.all ? session.query(CountAll)
                               : session.query(CountReadyOrOf, filter.also_of.value_or(Nobody));
  return rows.at(0).integer(0);
}

}  // namespace reeld::catalog
