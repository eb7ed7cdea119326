-- People, what they prove themselves with, and where they are signed in.
-- {ID} is the dialect's key that is never reused. Times: epoch milliseconds UTC. Flags: 0/1.
CREATE TABLE users (
  id {ID},
  email TEXT NOT NULL,                 -- as typed
  email_key TEXT NOT NULL UNIQUE,      -- case-folded; what is compared
  name TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('ADMIN', 'CREATOR', 'VIEWER')),
  is_active BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX users_by_created ON users (created_at, id);

CREATE TABLE credentials (
  id {ID},
  user_id BIGINT NOT NULL REFERENCES users (id),
  provider TEXT NOT NULL,              -- instance name of the auth plugin
  record TEXT NOT NULL,                -- the provider's own form; opaque here
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (user_id, provider)
);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,                 -- random; the sid of tokens
  user_id BIGINT NOT NULL REFERENCES users (id),
  generation BIGINT NOT NULL DEFAULT 0,  -- of the refresh token that is good now
  rotated_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

-- A grant or token is revoked iff it was issued at or before revoked_at for its user, session, video,
-- or user and video.
CREATE TABLE revocations (
  id {ID},
  user_id BIGINT REFERENCES users (id),
  session_id TEXT,
  video_id BIGINT,
  revoked_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL           -- when the last grant it can concern has expired
);
CREATE INDEX revocations_by_revoked ON revocations (revoked_at);
CREATE INDEX revocations_by_user ON revocations (user_id);
