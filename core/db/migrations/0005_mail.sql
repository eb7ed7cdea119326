-- Mail: the tokens that links carry, and what still has to be sent.
CREATE TABLE mail_tokens (
  id TEXT PRIMARY KEY,                 -- random; with the site's secret it makes the token again
  user_id BIGINT NOT NULL REFERENCES users (id),
  purpose TEXT NOT NULL,               -- activation, password-reset: good for nothing else
  token_hash TEXT NOT NULL UNIQUE,     -- SHA-256 of the token in hex; the token itself is nowhere
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,          -- put off each time the mail is handed over
  used_at BIGINT                       -- spent, or withdrawn
);
CREATE INDEX mail_tokens_by_user ON mail_tokens (user_id, purpose, created_at);
CREATE INDEX mail_tokens_by_expiry ON mail_tokens (expires_at);

-- One row per mail, written in the transaction of what it tells of. Neither text nor link: both are
-- made when it is sent. Leases as those of jobs.
CREATE TABLE mail_queue (
  id {ID},
  purpose TEXT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users (id),
  token_id TEXT REFERENCES mail_tokens (id),  -- NULL for a mail without a link
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'sending', 'sent', 'discarded')),
  attempt BIGINT NOT NULL DEFAULT 0,
  run_at BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,            -- when its tries began: given up a day later
  lease_until BIGINT,
  lease_token TEXT,
  locked_by TEXT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  CHECK ((state = 'sending') = (lease_token IS NOT NULL))
);
CREATE INDEX mail_queue_to_claim ON mail_queue (run_at, id) WHERE state = 'waiting';
CREATE INDEX mail_queue_by_lease ON mail_queue (lease_until) WHERE state = 'sending';
CREATE INDEX mail_queue_by_user ON mail_queue (user_id, id);
CREATE INDEX mail_queue_by_token ON mail_queue (token_id);
CREATE INDEX mail_queue_by_finished ON mail_queue (finished_at);
