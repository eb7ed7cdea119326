-- What viewers think of a video and how much of it they have seen; one row for each of both.
CREATE TABLE reactions (
  video_id BIGINT NOT NULL REFERENCES videos (id),
  user_id BIGINT NOT NULL REFERENCES users (id),
  reaction TEXT NOT NULL CHECK (reaction IN ('LIKE', 'DISLIKE')),
  reacted_at BIGINT NOT NULL,          -- the last change
  PRIMARY KEY (video_id, user_id)
) {COMPACT};
CREATE INDEX reactions_by_kind ON reactions (video_id, reaction);
CREATE INDEX reactions_by_user ON reactions (user_id);

CREATE TABLE watch (
  user_id BIGINT NOT NULL REFERENCES users (id),
  video_id BIGINT NOT NULL REFERENCES videos (id),
  position_ms BIGINT NOT NULL,         -- where to go on
  intervals TEXT NOT NULL,             -- what was seen of it, [[from, to], …] in ms: ascending, apart
  watched_ms BIGINT NOT NULL,          -- their lengths together
  accounted_at BIGINT NOT NULL,        -- wall time up to here is used up by what was counted
  reported_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, video_id)
) {COMPACT};
CREATE INDEX watch_by_video ON watch (video_id, watched_ms);

-- What was played before is told, too, so that sinks which count begin with the whole history.
INSERT INTO outbox (event_id, type, user_id, subject, json, created_at)
  SELECT 'view-' || w.id, 'video.viewed', w.user_id, 'video:' || w.video_id,
         '{"video_id":' || w.video_id || ',"creator_id":' || v.creator_id || ',"viewed_at":' || w.created_at || '}',
         w.created_at
  FROM views w JOIN videos v ON v.id = w.video_id ORDER BY w.id;
