#include "upload/upload_repository.h"

namespace reeld::upload {

namespace {

// The spool file has no name on the disk; the column is for those that will.
const db::Statement Insert{R"(
  INSERT INTO uploads (video_id, user_id, reserved_bytes, spool_name, node, created_at, expires_at)
  VALUES ($1, $2, $3, '', $4, $5, $6)
  RETURNING id)"};

const db::Statement Renew{R"(
  UPDATE uploads SET reserved_bytes = $1, received_bytes = $2, expires_at = $3 WHERE id = $4)"};

const db::Statement Remove{"DELETE FROM uploads WHERE id = $1"};

const db::Statement Live{"SELECT COUNT(*) FROM uploads WHERE video_id = $1 AND expires_at > $2"};

const db::Statement Stored{R"(
  SELECT CAST(COALESCE(SUM(s.size_bytes), 0) AS BIGINT)
  FROM sources s JOIN videos v ON v.id = s.video_id
  WHERE v.creator_id = $1 AND v.deleted_at IS NULL)"};

const db::Statement Reserved{R"(
  SELECT CAST(COALESCE(SUM(reserved_bytes), 0) AS BIGINT)
  FROM uploads WHERE user_id = $1 AND expires_at > $2 AND id <> $3)"};

const db::Statement Sweep{"DELETE FROM uploads WHERE node = $1 OR expires_at <= $2"};

}  // namespace

std::int64_t insertUpload(db::Session& session, const UploadRow& row) {
  return session
      .query(Insert, row.video_id, row.user_id, row.reserved_bytes, row.node, row.created_at,
             row.expires_at)
      .at(0)
      .integer(0);
}

bool renewUpload(db::Session& session, std::int64_t id, std::uint64_t reserved_bytes,
                 std::uint64_t received_bytes, EpochMs expires_at) {
  return session.execute(Renew, reserved_bytes, received_bytes, expires_at, id) == 1;
}

bool removeUpload(db::Session& session, std::int64_t id) {
  return session.execute(Remove, id) == 1;
}

bool hasLiveUpload(db::Session& session, catalog::VideoId video_id, EpochMs now) {
  return session.query(Live, video_id, now).at(0).integer(0) > 0;
}

std::uint64_t quotaUsed(db::Session& session, users::UserId user_id, EpochMs now,
                        std::int64_t but_for) {
  const auto stored = session.query(Stored, user_id).at(0).integer(0);
  const auto reserved = session.query(Reserved, user_id, now, but_for).at(0).integer(0);
  return static_cast<std::uint64_t>(stored + reserved);
}

std::int64_t sweepUploads(db::Session& session, const std::string& restarted_node, EpochMs now) {
  return session.execute(Sweep, restarted_node, now);
}

}  // namespace reeld::upload
