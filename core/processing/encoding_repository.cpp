#include "processing/encoding_repository.h"

#include "base/error.h"
#include "processing/storyboard_repository.h"
#include "processing/subtitle_repository.h"

#include <array>

namespace reeld::processing {

namespace {

constexpr std::array<std::string_view, 4> EncodingWords = {"growing", "ready", "failed", "retired"};

const std::string SelectEncodings =
    "SELECT id, video_id, source_id, state, settings_hash, plan, planned, duration_ms, damaged, "
    "poster_key FROM encodings ";

const db::Statement InsertEncoding{R"(
  INSERT INTO encodings (video_id, source_id, state, settings_hash, plan, planned, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, {NOW}) RETURNING id)"};

const db::Statement InsertRendition{R"(
  INSERT INTO renditions (encoding_id, name, format, width, height, frame_rate_milli, codecs)
  VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id)"};

const db::Statement InsertSegment{R"(
  INSERT INTO segments (rendition_id, number, start_us, duration_us, bytes, frames, storage_key,
                        sha256)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (rendition_id, number) DO NOTHING RETURNING id)"};

const db::Statement Measured{R"(
  UPDATE renditions SET codecs = $1, bandwidth = $2, average_bandwidth = $3, frame_rate_milli = $4
  WHERE id = $5)"};

const db::Statement Completed{"UPDATE encodings SET duration_ms = $1, damaged = $2 WHERE id = $3"};

const db::Statement Retire{R"(
  UPDATE encodings SET state = 'retired', retired_at = {NOW}
  WHERE video_id = $1 AND state = 'ready' AND id <> $2)"};

// Its picture is the video's from here on.
const db::Statement Ready{R"(
  UPDATE encodings SET state = 'ready', ready_at = {NOW}, poster_key = NULL WHERE id = $1)"};

const db::Statement Abandon{R"(
  UPDATE encodings SET state = 'failed', poster_key = NULL WHERE id = $1 AND state = 'growing')"};

const db::Statement GrowingOnes{
    "SELECT id FROM encodings WHERE video_id = $1 AND state = 'growing' ORDER BY id"};

const db::Statement SetPoster{"UPDATE encodings SET poster_key = $1 WHERE id = $2"};

const db::Statement InsertSound{R"(
  INSERT INTO sound_parts (encoding_id, first_segment, bytes, storage_key)
  VALUES ($1, $2, $3, $4))"};

const db::Statement SoundOf{R"(
  SELECT first_segment, bytes, storage_key FROM sound_parts WHERE encoding_id = $1
  ORDER BY first_segment)"};

const db::Statement DropSoundOf{"DELETE FROM sound_parts WHERE encoding_id = $1"};

const db::Statement KeysOf{R"(
  SELECT s.storage_key FROM segments s JOIN renditions r ON r.id = s.rendition_id
    WHERE r.encoding_id = $1
  UNION ALL
  SELECT storage_key FROM sound_parts WHERE encoding_id = $1
  UNION ALL
  SELECT storage_key FROM subtitles WHERE encoding_id = $1 AND storage_key IS NOT NULL
  UNION ALL
  SELECT storage_key FROM storyboard_sheets WHERE encoding_id = $1)"};

const db::Statement FindEncoding(SelectEncodings + "WHERE id = $1");
const db::Statement Newest(SelectEncodings + "WHERE video_id = $1 ORDER BY id DESC LIMIT 1");

const db::Statement Renditions{R"(
  SELECT id, name, format, width, height, frame_rate_milli, codecs, bandwidth, average_bandwidth
  FROM renditions WHERE encoding_id = $1 AND format = $2 ORDER BY width * height, id)"};

const db::Statement Segments{R"(
  SELECT number, start_us, duration_us, bytes, frames, storage_key, sha256
  FROM segments WHERE rendition_id = $1 ORDER BY number)"};

const db::Statement FailedOnes{
    "SELECT id FROM encodings WHERE video_id = $1 AND state = 'failed' ORDER BY id"};

const db::Statement RetiredOnes{R"(
  SELECT id, video_id, duration_ms, COALESCE(retired_at, created_at) FROM encodings
  WHERE state = 'retired' ORDER BY retired_at, id LIMIT 500)"};

const db::Statement DropSegmentsOf{R"(
  DELETE FROM segments WHERE rendition_id IN (SELECT id FROM renditions WHERE encoding_id = $1))"};
const db::Statement DropSegments{"DELETE FROM segments WHERE rendition_id = $1"};
const db::Statement DropRenditionsOf{"DELETE FROM renditions WHERE encoding_id = $1"};
const db::Statement DropOne{"DELETE FROM encodings WHERE id = $1"};

EncodingState parseState(const std::string& text) {
  for (std::size_t i = 0; i < EncodingWords.size(); ++i) {
    if (EncodingWords[i] == text) {
      return static_cast<EncodingState>(i);
    }
  }
  throw Error(ErrorCode::Corrupt, "an encoding has the unknown state \"" + text + "\"");
}

std::optional<Encoding> toEncoding(const std::optional<db::Row>& row) {
  if (!row) {
    return std::nullopt;
  }
  return Encoding{row->integer(0), row->integer(1),  row->integer(2), parseState(row->text(3)),
                  row->text(4),    row->text(5),     row->integer(6), row->integer(7),
                  row->flag(8),    row->maybeText(9)};
}

std::vector<EncodingId> ids(const db::Rows& rows) {
  std::vector<EncodingId> found;
  for (const db::Row& row : rows) {
    found.push_back(row.integer(0));
  }
  return found;
}

std::vector<Segment> loadSegments(db::Session& session, std::int64_t rendition_id) {
  std::vector<Segment> segments;
  for (const db::Row& row : session.query(Segments, rendition_id)) {
    segments.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                        row.integer(4), row.text(5), row.text(6)});
  }
  return segments;
}

std::vector<Rendition> load(db::Session& session, EncodingId id, const char* format) {
  std::vector<Rendition> renditions;
  for (const db::Row& row : session.query(Renditions, id, format)) {
    Rendition one;
    one.id = row.integer(0);
    one.name = row.text(1);
    one.format = row.text(2);
    one.width = static_cast<int>(row.integer(3));
    one.height = static_cast<int>(row.integer(4));
    one.frame_rate_milli = row.integer(5);
    one.codecs = row.text(6);
    one.bandwidth = row.integer(7);
    one.average_bandwidth = row.integer(8);
    one.segments = loadSegments(session, one.id);
    renditions.push_back(std::move(one));
  }
  return renditions;
}

}  // namespace

std::string_view word(EncodingState state) noexcept {
  return EncodingWords[static_cast<std::size_t>(state)];
}

EncodingId insertEncoding(db::Session& session, const Encoding& encoding) {
  return session
      .find(InsertEncoding, encoding.video_id, encoding.source_id, word(encoding.state),
            encoding.settings_hash, encoding.plan, encoding.planned)
      ->integer(0);
}

std::int64_t insertRendition(db::Session& session, EncodingId encoding,
                             const Rendition& rendition) {
  return session
      .find(InsertRendition, encoding, rendition.name, rendition.format, rendition.width,
            rendition.height, rendition.frame_rate_milli, rendition.codecs)
      ->integer(0);
}

bool insertSegment(db::Session& session, std::int64_t rendition_id, const Segment& segment) {
  return session
      .find(InsertSegment, rendition_id, segment.number, segment.start_us, segment.duration_us,
            segment.bytes, segment.frames, segment.storage_key, segment.sha256)
      .has_value();
}

void dropSegments(db::Session& session, std::int64_t rendition_id) {
  session.execute(DropSegments, rendition_id);
}

void setMeasured(db::Session& session, const Rendition& rendition) {
  session.execute(Measured, rendition.codecs, rendition.bandwidth, rendition.average_bandwidth,
                  rendition.frame_rate_milli, rendition.id);
}

void setComplete(db::Session& session, EncodingId id, std::int64_t duration_ms, bool damaged) {
  session.execute(Completed, duration_ms, damaged, id);
}

void markEncodingReady(db::Session& session, const Encoding& encoding) {
  session.execute(Retire, encoding.video_id, encoding.id);
  session.execute(Ready, encoding.id);
}

bool abandonEncoding(db::Session& session, EncodingId id) {
  if (session.execute(Abandon, id) != 1) {
    return false;
  }
  session.execute(DropSegmentsOf, id);
  session.execute(DropRenditionsOf, id);
  session.execute(DropSoundOf, id);
  dropSubtitles(session, id);
  return true;
}

std::vector<EncodingId> growingEncodings(db::Session& session, std::int64_t video_id) {
  return ids(session.query(GrowingOnes, video_id));
}

void setEncodingPoster(db::Session& session, EncodingId id, const std::string& key) {
  session.execute(SetPoster, key, id);
}

void insertSoundPart(db::Session& session, EncodingId encoding, const SoundPart& part) {
  session.execute(InsertSound, encoding, part.first_segment, part.bytes, part.storage_key);
}

std::vector<SoundPart> soundParts(db::Session& session, EncodingId encoding) {
  std::vector<SoundPart> parts;
  for (const db::Row& row : session.query(SoundOf, encoding)) {
    parts.push_back({row.integer(0), row.integer(1), row.text(2)});
  }
  return parts;
}

void dropSoundParts(db::Session& session, EncodingId encoding) {
  session.execute(DropSoundOf, encoding);
}

std::vector<std::string> encodingKeys(db::Session& session, EncodingId id) {
  std::vector<std::string> keys;
  for (const db::Row& row : session.query(KeysOf, id)) {
    keys.push_back(row.text(0));
  }
  return keys;
}

std::vector<RetiredEncoding> retiredEncodings(db::Session& session) {
  std::vector<RetiredEncoding> all;
  for (const db::Row& row : session.query(RetiredOnes)) {
    all.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3)});
  }
  return all;
}

void dropEncoding(db::Session& session, EncodingId id) {
  session.execute(DropSegmentsOf, id);
  session.execute(DropRenditionsOf, id);
  session.execute(DropSoundOf, id);
  dropSubtitles(session, id);
  dropStoryboard(session, id);
  session.execute(DropOne, id);
}

std::optional<Encoding> findEncoding(db::Session& session, EncodingId id) {
  return toEncoding(session.find(FindEncoding, id));
}

std::optional<Encoding> newestEncoding(db::Session& session, std::int64_t video_id) {
  return toEncoding(session.find(Newest, video_id));
}

std::vector<Rendition> loadRenditions(db::Session& session, EncodingId id) {
  return load(session, id, PlayedFormat);
}

std::vector<Rendition> loadAlternates(db::Session& session, EncodingId id) {
  return load(session, id, AlternateFormat);
}

std::vector<EncodingId> failedEncodings(db::Session& session, std::int64_t video_id) {
  return ids(session.query(FailedOnes, video_id));
}

}  // namespace reeld::processing
