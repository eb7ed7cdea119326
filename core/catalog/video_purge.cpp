#include "catalog/video_purge.h"

#include "db/outbox.h"

#include <array>

namespace reeld::catalog {

namespace {

const db::Statement Due{R"(
  SELECT id FROM videos
  WHERE deleted_at IS NOT NULL AND (purge_started_at IS NOT NULL OR deleted_at < $1)
  ORDER BY CASE WHEN purge_started_at IS NULL THEN 1 ELSE 0 END, deleted_at, id LIMIT 200)"};

const db::Statement Mark{R"(
  UPDATE videos SET purge_started_at = COALESCE(purge_started_at, $1)
  WHERE id = $2 AND deleted_at IS NOT NULL)"};

// Children before parents. A test knows by the schema whether a table is missing here.
const std::array<db::Statement, 13> Drops = {
    db::Statement{R"(DELETE FROM segments WHERE rendition_id IN
      (SELECT r.id FROM renditions r JOIN encodings e ON e.id = r.encoding_id
       WHERE e.video_id = $1))"},
    db::Statement{R"(DELETE FROM renditions WHERE encoding_id IN
      (SELECT id FROM encodings WHERE video_id = $1))"},
    db::Statement{R"(DELETE FROM sound_parts WHERE encoding_id IN
      (SELECT id FROM encodings WHERE video_id = $1))"},
    db::Statement{R"(DELETE FROM subtitles WHERE encoding_id IN
      (SELECT id FROM encodings WHERE video_id = $1))"},
    db::Statement{"DELETE FROM encodings WHERE video_id = $1"},
    db::Statement{"DELETE FROM sources WHERE video_id = $1"},
    db::Statement{"DELETE FROM uploads WHERE video_id = $1"},
    db::Statement{"DELETE FROM jobs WHERE video_id = $1"},
    db::Statement{"DELETE FROM views WHERE video_id = $1"},
    db::Statement{"DELETE FROM reactions WHERE video_id = $1"},
    db::Statement{"DELETE FROM watch WHERE video_id = $1"},
    db::Statement{"DELETE FROM video_terms WHERE video_id = $1"},
    db::Statement{"DELETE FROM videos WHERE id = $1 AND purge_started_at IS NOT NULL"}};

}  // namespace

std::vector<VideoId> videosToPurge(db::Session& session, EpochMs deleted_before) {
  std::vector<VideoId> ids;
  for (const db::Row& row : session.query(Due, deleted_before)) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

bool markPurging(db::Session& session, VideoId id, EpochMs now) {
  return session.execute(Mark, now, id) == 1;
}

void dropVideoRows(db::Session& session, VideoId id) {
  for (const db::Statement& drop : Drops) {
    session.execute(drop, id);
  }
  db::record(session, {.type = "video.purged",
                       .user_id = std::nullopt,
                       .subject = "video:" + std::to_string(id),
                       .json = R"({"video_id":)" + std::to_string(id) + "}"});
}

}  // namespace reeld::catalog
