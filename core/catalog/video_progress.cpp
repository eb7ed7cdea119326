#include "catalog/video_progress.h"

#include "base/json.h"
#include "catalog/video_repository.h"
#include "db/outbox.h"
#include "users/revocation_repository.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

const db::Statement Start{R"(
  UPDATE videos SET state = 'PROCESSING', failure_stage = NULL, failure_cause = NULL,
                    failure_hint = NULL, damaged = 0, updated_at = $1
  WHERE id = $2 AND state IN ('UPLOADED', 'FAILED') AND deleted_at IS NULL)"};

const db::Statement Publish{R"(
  UPDATE videos SET current_encoding = $1, duration_ms = $2, updated_at = $3
  WHERE id = $4 AND state = 'PROCESSING' AND deleted_at IS NULL)"};

const db::Statement Poster{"UPDATE videos SET poster_key = $1, updated_at = $2 WHERE id = $3"};

// A video that was deleted meanwhile is finished all the same: it may be restored.
const db::Statement Ready{R"(
  UPDATE videos SET state = 'READY', current_encoding = $1, duration_ms = $2, damaged = $3,
                    updated_at = $4
  WHERE id = $5 AND state = 'PROCESSING'
  RETURNING creator_id)"};

const db::Statement Failed{R"(
  UPDATE videos SET state = 'FAILED', failure_stage = $1, failure_cause = $2, failure_hint = $3,
                    updated_at = $4
  WHERE id = $5 AND state = 'PROCESSING')"};

const db::Statement StopUnfinished{R"(
  UPDATE videos SET current_encoding = NULL
  WHERE id = $1 AND current_encoding IN
    (SELECT id FROM encodings WHERE video_id = $1 AND state <> 'ready'))"};

constexpr std::int64_t Hour = 3'600'000;
// Daemons' clocks and requests in flight: a revocation outlives the last grant by this much.
constexpr std::int64_t Margin = 60'000;

std::string subject(VideoId id) { return "video:" + std::to_string(id); }

}  // namespace

bool startProcessing(db::Session& session, VideoId id, EpochMs now) {
  return session.execute(Start, now, id) == 1;
}

bool publishEncoding(db::Session& session, VideoId id, std::int64_t encoding_id,
                     std::int64_t duration_ms, EpochMs now) {
  return session.execute(Publish, encoding_id, duration_ms, now, id) == 1;
}

void setPoster(db::Session& session, VideoId id, const std::string& poster_key, EpochMs now) {
  session.execute(Poster, poster_key, now, id);
}

bool markReady(db::Session& session, VideoId id, const Finished& finished, EpochMs now) {
  const auto row =
      session.find(Ready, finished.encoding_id, finished.duration_ms, finished.damaged, now, id);
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
  db::record(session, {.type = "video.ready",
                       .user_id = std::nullopt,
                       .subject = subject(id),
                       .json = json.take()});
  return true;
}

bool markFailed(db::Session& session, VideoId id, const Failure& failure, EpochMs now) {
  if (session.execute(Failed, failure.stage, failure.cause, failure.hint, now, id) != 1) {
    return false;
  }
  const auto video = findVideoEvenDeleted(session, id);
  if (session.execute(StopUnfinished, id) == 1) {
    revokeVideoGrants(session, *video, now);
  }
  JsonWriter json;
  json.beginObject()
      .member("video_id", id)
      .member("creator_id", video->creator_id)
      .member("stage", failure.stage)
      .member("hint", failure.hint)
      .endObject();
  db::record(session, {.type = "video.failed",
                       .user_id = std::nullopt,
                       .subject = subject(id),
                       .json = json.take()});
  return true;
}

void revokeVideoGrants(db::Session& session, const Video& video, EpochMs now) {
  // The longest life of a grant: twice the duration and an hour, at least four hours.
  const std::int64_t longest = std::max(4 * Hour, 2 * video.duration_ms.value_or(0) + Hour);
  users::revoke(session, {.user_id = std::nullopt,
                          .session_id = std::nullopt,
                          .video_id = video.id,
                          .revoked_at = now,
                          .expires_at = now + longest + Margin});
}

}  // namespace reeld::catalog
