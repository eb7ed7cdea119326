#include "catalog/source.h"

namespace reeld::catalog {

namespace {

const db::Statement InsertSource{R"(
  INSERT INTO sources (video_id, storage_key, file_name, size_bytes, sha256, created_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  RETURNING id)"};

const db::Statement SourceById{R"(
  SELECT id, video_id, storage_key, file_name, size_bytes, sha256, facts, created_at
  FROM sources WHERE id = $1)"};

const db::Statement Newest{R"(
  SELECT id, video_id, storage_key, file_name, size_bytes, sha256, facts, created_at
  FROM sources WHERE video_id = $1 ORDER BY id DESC LIMIT 1)"};

const db::Statement Keys{"SELECT storage_key FROM sources WHERE video_id = $1 ORDER BY id"};

const db::Statement DropFailedAfterPlaying{R"(
  DELETE FROM encodings WHERE video_id = $1 AND state = 'failed' AND source_id >
    (SELECT p.source_id FROM encodings p JOIN videos v ON v.current_encoding = p.id
     WHERE v.id = $1 AND v.state = 'READY'))"};
const db::Statement DropAfterPlaying{R"(
  DELETE FROM sources WHERE video_id = $1 AND id >
    (SELECT p.source_id FROM encodings p JOIN videos v ON v.current_encoding = p.id
     WHERE v.id = $1 AND v.state = 'READY')
  RETURNING storage_key)"};

const db::Statement DropUnused{R"(
  DELETE FROM sources WHERE video_id = $1
    AND id < (SELECT MAX(s.id) FROM sources s WHERE s.video_id = $1)
    AND NOT EXISTS (SELECT 1 FROM encodings e WHERE e.source_id = sources.id)
  RETURNING storage_key)"};

const db::Statement SetFacts{"UPDATE sources SET facts = $1 WHERE id = $2"};

std::optional<Source> read(const std::optional<db::Row>& row) {
  if (!row) {
    return std::nullopt;
  }
  return Source{.id = row->integer(0),
                .video_id = row->integer(1),
                .storage_key = row->text(2),
                .file_name = row->text(3),
                .size_bytes = row->integer(4),
                .sha256 = row->text(5),
                .facts = row->maybeText(6),
                .created_at = row->integer(7)};
}

std::vector<std::string> texts(const db::Rows& rows) {
  std::vector<std::string> all;
  for (const db::Row& row : rows) {
    all.push_back(row.text(0));
  }
  return all;
}

}  // namespace

SourceId insertSource(db::Session& session, const Source& source) {
  return session
      .query(InsertSource, source.video_id, source.storage_key, source.file_name, source.size_bytes,
             source.sha256, source.created_at)
      .at(0)
      .integer(0);
}

std::optional<Source> findSource(db::Session& session, SourceId id) {
  return read(session.find(SourceById, id));
}

std::optional<Source> newestSource(db::Session& session, VideoId video_id) {
  return read(session.find(Newest, video_id));
}

std::vector<std::string> sourceKeys(db::Session& session, VideoId video_id) {
  return texts(session.query(Keys, video_id));
}

std::vector<std::string> dropSourcesAfterPlaying(db::Session& session, VideoId video_id) {
  session.execute(DropFailedAfterPlaying, video_id);
  return texts(session.query(DropAfterPlaying, video_id));
}

std::vector<std::string> dropUnusedSources(db::Session& session, VideoId video_id) {
  return texts(session.query(DropUnused, video_id));
}

void setSourceFacts(db::Session& session, SourceId id, const std::string& facts_json) {
  session.execute(SetFacts, facts_json, id);
}

}  // namespace reeld::catalog
