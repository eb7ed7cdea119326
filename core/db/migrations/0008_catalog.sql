-- What the catalogue needs to be searched, filtered, counted and cleared.
ALTER TABLE videos ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';           -- as given, JSON
ALTER TABLE videos ADD COLUMN title_key TEXT {BYTES} NOT NULL DEFAULT '';  -- folded: the order of titles
ALTER TABLE videos ADD COLUMN terms_version BIGINT NOT NULL DEFAULT 0;   -- of the rules its terms follow
ALTER TABLE videos ADD COLUMN made_poster_key TEXT;                      -- poster_key is the one that is shown
ALTER TABLE videos ADD COLUMN own_poster BIGINT NOT NULL DEFAULT 0;
ALTER TABLE videos ADD COLUMN reprocessing BIGINT NOT NULL DEFAULT 0;    -- READY, and made anew
ALTER TABLE videos ADD COLUMN purge_started_at BIGINT;                   -- from here on there is no way back
UPDATE videos SET made_poster_key = poster_key;

ALTER TABLE encodings ADD COLUMN retired_at BIGINT;
UPDATE encodings SET retired_at = created_at WHERE state = 'retired';

-- What a video is found by: the words of its title and description, and "#" with each tag. Lists of a
-- term are read newest first, and stop when a page is full.
CREATE TABLE video_terms (
  video_id BIGINT NOT NULL REFERENCES videos (id),
  term TEXT {BYTES} NOT NULL,
  PRIMARY KEY (video_id, term)
) {COMPACT};
CREATE INDEX video_terms_by_term ON video_terms (term, video_id);

-- How many undeleted videos there are of each state, kept with every change: counting them costs more
-- than the page they are counted for. In shards by id, so that two videos seldom want the same row.
CREATE TABLE video_counts (
  state TEXT NOT NULL,
  shard BIGINT NOT NULL,
  videos BIGINT NOT NULL,
  PRIMARY KEY (state, shard)
);
INSERT INTO video_counts (state, shard, videos)
  SELECT state, id % 16, COUNT(*) FROM videos WHERE deleted_at IS NULL GROUP BY state, id % 16;

DROP INDEX videos_by_state;
CREATE INDEX videos_ready ON videos (id) WHERE deleted_at IS NULL AND state = 'READY';
CREATE INDEX videos_unready ON videos (state, id) WHERE deleted_at IS NULL AND state <> 'READY';
CREATE INDEX videos_unready_by_creator ON videos (creator_id, id)
  WHERE deleted_at IS NULL AND state <> 'READY';
CREATE INDEX videos_by_category ON videos (category, id) WHERE deleted_at IS NULL;
CREATE INDEX videos_by_paid ON videos (is_paid, id) WHERE deleted_at IS NULL;
CREATE INDEX videos_by_title ON videos (title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX videos_by_change ON videos (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX videos_deleted ON videos (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX videos_without_terms ON videos (terms_version, id);
CREATE INDEX encodings_retired ON encodings (retired_at) WHERE state = 'retired';
