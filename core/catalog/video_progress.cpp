#include "catalog/video_progress.h"

#include "base/json.h"
#include "catalog/video_counts.h"
#include "catalog/video_repository.h"
#include "db/outbox.h"
#include "users/revocation_repository.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

const db::Statement Start{R"(
  UPDATE videos SET state = 'PROCESSING', failure_stage = NULL, failure_cause = NULL,
                    failure_hint = NULL, damaged = 0, updated_at = $1
  WHERE id = $2 AND state = $3 AND deleted_at IS NULL)"};

const db::Statement StartAgain{R"(
  UPDATE videos SET reprocessing = 1, failure_stage = NULL, failure_cause = NULL,
                    failure_hint = NULL, updated_at = $1
  WHERE id = $2 AND state = 'READY' AND reprocessing = 0 AND deleted_at IS NULL)"};

const db::Statement Publish{R"(
  UPDATE videos SET current_encoding = $1, duration_ms = $2, updated_at = $3
  WHERE id = $4 AND state = 'PROCESSING' AND deleted_at IS NULL)"};

// A video that was deleted meanwhile is finished all the same: it may be restored.
const db::Statement Ready{R"(
  UPDATE videos SET state = 'READY', reprocessing = 0, current_encoding = $1, duration_ms = $2,
                    damaged = $3, subtitles = $4, updated_at = $5
  WHERE id = $6 AND state = 'PROCESSING'
  RETURNING creator_id, deleted_at)"};

const db::Statement ReadyAgain{R"(
  UPDATE videos SET reprocessing = 0, current_encoding = $1, duration_ms = $2, damaged = $3,
                    subtitles = $4, updated_at = $5
  WHERE id = $6 AND state = 'READY' AND reprocessing = 1
  RETURNING creator_id)"};

const db::Statement Failed{R"(
  UPDATE videos SET state = 'FAILED', failure_stage = $1, failure_cause = $2, failure_hint = $3,
                    updated_at = $4
  WHERE id = $5 AND state = 'PROCESSING'
  RETURNING creator_id, deleted_at)"};

const db::Statement FailedAgain{R"(
  UPDATE videos SET reprocessing = 0, failure_stage = $1, failure_cause = $2, failure_hint = $3,
                    updated_at = $4
  WHERE id = $5 AND state = 'READY' AND reprocessing = 1
  RETURNING creator_id)"};

const db::Statement StopUnfinished{R"(
  UPDATE videos SET current_encoding = NULL
  WHERE id = $1 AND current_encoding IN
    (SELECT id FROM encodings WHERE video_id = $1 AND state <> 'ready'))"};

// Daemons' clocks and requests in flight: a revocation outlives the last grant by this much.
constexpr std::int64_t Margin = 60'000;

void recordProgress(db::Session& session, const char* type, VideoId id, std::string json) {
  db::record(session, {.type = type,
                       .user_id = std::nullopt,
                       .subject = "video:" + std::to_string(id),
                       .json = std::move(json)});
}

}  // namespace

bool startProcessing(db::Session& session, VideoId id, EpochMs now) {
  session.announce(db::News::Catalog);
  for (const VideoState from : {VideoState::Uploaded, VideoState::Failed}) {
    if (session.execute(Start, now, id, word(from)) == 1) {
      countMove(session, id, from, VideoState::Processing);
      return true;
    }
  }
  return false;
}

bool startReprocessing(db::Session& session, VideoId id, EpochMs now) {
  session.announce(db::News::Catalog);
  return session.execute(StartAgain, now, id) == 1;
}

bool publishEncoding(db::Session& session, VideoId id, std::int64_t encoding_id,
                     std::int64_t duration_ms, EpochMs now) {
  session.announce(db::News::Catalog);
  return session.execute(Publish, encoding_id, duration_ms, now, id) == 1;
}

void withdrawUnfinished(db::Session& session, VideoId id, EpochMs now) {
  if (session.execute(StopUnfinished, id) == 1) {
    session.announce(db::News::Catalog);
    revokeVideoGrants(session, *findVideoEvenDeleted(session, id), now);
  }
}

bool markReady(db::Session& session, VideoId id, const Finished& finished, EpochMs now) {
  session.announce(db::News::Catalog);
  auto row = session.find(Ready, finished.encoding_id, finished.duration_ms, finished.damaged,
                          finished.subtitles_json, now, id);
  if (row && row->isNull(1)) {
    countMove(session, id, VideoState::Processing, VideoState::Ready);
  }
  if (!row) {
    row = session.find(ReadyAgain, finished.encoding_id, finished.duration_ms, finished.damaged,
                       finished.subtitles_json, now, id);
  }
  if (!row) {
    return false;
  }
  JsonWriter json;
  json.beginObject()
      .member("video_id", id)
      .member("creator_id", row->integer(0))
      .member("encoding_id", finished.encoding_id)
      .member("duration_ms", finished.duration_ms)
      .member("damaged", finished.damaged)
      .endObject();
  recordProgress(session, "video.ready", id, json.take());
  return true;
}

bool markFailed(db::Session& session, VideoId id, const Failure& failure, EpochMs now) {
  session.announce(db::News::Catalog);
  auto row = session.find(Failed, failure.stage, failure.cause, failure.hint, now, id);
  const bool is_failed = row.has_value();
  if (is_failed && row->isNull(1)) {
    countMove(session, id, VideoState::Processing, VideoState::Failed);
  }
  if (!is_failed) {
    row = session.find(FailedAgain, failure.stage, failure.cause, failure.hint, now, id);
  }
  if (!row) {
    return false;
  }
  if (is_failed) {
    withdrawUnfinished(session, id, now);
  }
  JsonWriter json;
  json.beginObject()
      .member("video_id", id)
      .member("creator_id", row->integer(0))
      .member("stage", failure.stage)
      .member("hint", failure.hint)
      .endObject();
  recordProgress(session, is_failed ? "video.failed" : "video.reprocess_failed", id, json.take());
  return true;
}

std::int64_t longestGrantMs(std::int64_t duration_ms) noexcept {
  constexpr std::int64_t Hour = 3'600'000;
  return std::max(4 * Hour, 2 * duration_ms + Hour) + Margin;
}

void revokeVideoGrants(db::Session& session, const Video& video, EpochMs now) {
  users::revoke(session, {.user_id = std::nullopt,
                          .session_id = std::nullopt,
                          .video_id = video.id,
                          .revoked_at = now,
                          .expires_at = now + longestGrantMs(video.duration_ms.value_or(0))});
}

}  // namespace reeld::catalog
