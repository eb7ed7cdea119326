-- Videos, their sources, and what was made of them.
CREATE TABLE videos (
  id {ID},
  creator_id BIGINT NOT NULL REFERENCES users (id),
  title TEXT NOT NULL,
  description TEXT,
  category TEXT NOT NULL DEFAULT 'miscellaneous',
  is_paid BIGINT NOT NULL DEFAULT 0,
  price_minor BIGINT,                  -- in the site's currency; set iff is_paid
  state TEXT NOT NULL CHECK (state IN ('UPLOADED', 'PROCESSING', 'READY', 'FAILED')),
  failure_stage TEXT,                  -- probe, encode, verify, publish
  failure_cause TEXT,                  -- for the log and administrators
  failure_hint TEXT,                   -- a sentence for the owner
  damaged BIGINT NOT NULL DEFAULT 0,
  duration_ms BIGINT,
  current_encoding BIGINT,             -- the one that plays
  poster_key TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX videos_by_creator ON videos (creator_id, id);
CREATE INDEX videos_by_state ON videos (state, id);
CREATE INDEX videos_by_encoding ON videos (current_encoding);

CREATE TABLE sources (
  id {ID},
  video_id BIGINT NOT NULL REFERENCES videos (id),
  storage_key TEXT NOT NULL UNIQUE,
  file_name TEXT NOT NULL DEFAULT '',  -- data only
  size_bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  facts TEXT,                          -- what probing said, JSON
  created_at BIGINT NOT NULL
);
CREATE INDEX sources_by_video ON sources (video_id, id);

CREATE TABLE encodings (
  id {ID},
  video_id BIGINT NOT NULL REFERENCES videos (id),
  source_id BIGINT NOT NULL REFERENCES sources (id),
  state TEXT NOT NULL CHECK (state IN ('growing', 'ready', 'failed', 'retired')),
  settings_hash TEXT NOT NULL,
  plan TEXT NOT NULL,                  -- the segment plan and rungs, JSON
  duration_ms BIGINT NOT NULL DEFAULT 0,
  damaged BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  ready_at BIGINT
);
CREATE INDEX encodings_by_video ON encodings (video_id, id);
CREATE INDEX encodings_by_source ON encodings (source_id);

CREATE TABLE renditions (
  id {ID},
  encoding_id BIGINT NOT NULL REFERENCES encodings (id),
  name TEXT NOT NULL,                  -- 720p
  format TEXT NOT NULL,                -- hls-ts
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  frame_rate_milli BIGINT NOT NULL,
  codecs TEXT NOT NULL,                -- RFC 6381
  bandwidth BIGINT NOT NULL DEFAULT 0,          -- peak, bits per second, measured
  average_bandwidth BIGINT NOT NULL DEFAULT 0,
  UNIQUE (encoding_id, name, format)
);

CREATE TABLE segments (
  id {ID},
  rendition_id BIGINT NOT NULL REFERENCES renditions (id),
  number BIGINT NOT NULL,
  start_us BIGINT NOT NULL,
  duration_us BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  frames BIGINT NOT NULL,
  storage_key TEXT NOT NULL UNIQUE,    -- contains the lease token of the task that wrote it
  sha256 TEXT NOT NULL,                -- of the bytes as they were published
  UNIQUE (rendition_id, number)
);

-- A file on its way in: space is reserved here before the first byte is taken.
CREATE TABLE uploads (
  id {ID},
  video_id BIGINT REFERENCES videos (id),  -- NULL while the video is made together with its file
  user_id BIGINT NOT NULL REFERENCES users (id),
  reserved_bytes BIGINT NOT NULL,
  received_bytes BIGINT NOT NULL DEFAULT 0,
  spool_name TEXT NOT NULL,
  node TEXT NOT NULL,                  -- the daemon that holds the spool file
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_video ON uploads (video_id);
CREATE INDEX uploads_by_user ON uploads (user_id);

-- One counted view per play token (jti).
CREATE TABLE views (
  id {ID},
  video_id BIGINT NOT NULL REFERENCES videos (id),
  user_id BIGINT NOT NULL REFERENCES users (id),
  token_id TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);
CREATE INDEX views_by_video ON views (video_id, user_id);
CREATE INDEX views_by_user ON views (user_id);
