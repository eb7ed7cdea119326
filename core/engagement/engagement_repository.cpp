#include "engagement/engagement_repository.h"

#include "base/error.h"

namespace reeld::engagement {

namespace {

const db::Statement FindReaction{
    "SELECT reaction FROM reactions WHERE video_id = $1 AND user_id = $2"};
const db::Statement PutReaction{R"(
  INSERT INTO reactions (video_id, user_id, reaction, reacted_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (video_id, user_id)
  DO UPDATE SET reaction = excluded.reaction, reacted_at = excluded.reacted_at)"};
const db::Statement DropReaction{
    "DELETE FROM reactions WHERE video_id = $1 AND user_id = $2 RETURNING reaction"};
const db::Statement CountReactions{
    "SELECT reaction, COUNT(*) FROM reactions WHERE video_id = $1 GROUP BY reaction"};

const db::Statement FindWatch{R"(
  SELECT position_ms, intervals, watched_ms, accounted_at, reported_at
  FROM watch WHERE user_id = $1 AND video_id = $2)"};
const db::Statement PutWatch{R"(
  INSERT INTO watch (user_id, video_id, position_ms, intervals, watched_ms, accounted_at,
                     reported_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (user_id, video_id) DO UPDATE SET
    position_ms = excluded.position_ms, intervals = excluded.intervals,
    watched_ms = excluded.watched_ms, accounted_at = excluded.accounted_at,
    reported_at = excluded.reported_at)"};
const db::Statement LastPlay{
    "SELECT MAX(created_at) FROM views WHERE video_id = $1 AND user_id = $2"};

// Grouped inside: both engines then read the index views_by_video in its order and nothing else.
const db::Statement CountViews{R"(
  SELECT CAST(COALESCE(SUM(plays), 0) AS BIGINT), COUNT(*)
  FROM (SELECT COUNT(*) AS plays FROM views WHERE video_id = $1 GROUP BY user_id) each_viewer)"};
const db::Statement SumWatched{
    "SELECT CAST(COALESCE(SUM(watched_ms), 0) AS BIGINT) FROM watch WHERE video_id = $1"};

Reaction reactionIn(const db::Row& row) {
  const auto reaction = parseReaction(row.text(0));
  if (!reaction) {
    throw Error(ErrorCode::Corrupt, "there is no reaction " + row.text(0));
  }
  return *reaction;
}

}  // namespace

std::optional<Reaction> findReaction(db::Session& session, catalog::VideoId video,
                                     users::UserId user) {
  const auto row = session.find(FindReaction, video, user);
  return row ? std::optional(reactionIn(*row)) : std::nullopt;
}

void putReaction(db::Session& session, catalog::VideoId video, users::UserId user,
                 Reaction reaction, EpochMs now) {
  session.execute(PutReaction, video, user, word(reaction), now);
}

std::optional<Reaction> dropReaction(db::Session& session, catalog::VideoId video,
                                     users::UserId user) {
  const auto row = session.find(DropReaction, video, user);
  return row ? std::optional(reactionIn(*row)) : std::nullopt;
}

ReactionCounts countReactions(db::Session& session, catalog::VideoId video) {
  ReactionCounts counts;
  for (const db::Row& row : session.query(CountReactions, video)) {
    (reactionIn(row) == Reaction::Like ? counts.likes : counts.dislikes) = row.integer(1);
  }
  return counts;
}

std::optional<Watch> findWatch(db::Session& session, catalog::VideoId video, users::UserId user) {
  const auto row = session.find(FindWatch, user, video);
  if (!row) {
    return std::nullopt;
  }
  return Watch{.position_ms = row->integer(0),
               .seen = parseIntervals(row->text(1)),
               .watched_ms = row->integer(2),
               .accounted_at = row->integer(3),
               .reported_at = row->integer(4)};
}

void putWatch(db::Session& session, catalog::VideoId video, users::UserId user,
              const Watch& watch) {
  session.execute(PutWatch, user, video, watch.position_ms, print(watch.seen), watch.watched_ms,
                  watch.accounted_at, watch.reported_at);
}

std::optional<EpochMs> lastPlay(db::Session& session, catalog::VideoId video, users::UserId user) {
  return session.query(LastPlay, video, user).at(0).maybeInteger(0);
}

Audience countAudience(db::Session& session, catalog::VideoId video) {
  const db::Row views = session.query(CountViews, video).at(0);
  return {.views = views.integer(0),
          .viewers = views.integer(1),
          .watched_ms = session.query(SumWatched, video).at(0).integer(0)};
}

}  // namespace reeld::engagement
