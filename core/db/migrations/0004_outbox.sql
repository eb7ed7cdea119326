-- Events, written in the transaction of the change. The dispatcher gives each row its seq, so the order
-- of dispatch is the order of seq; one cursor per sink.
CREATE TABLE outbox (
  id {ID},
  event_id TEXT NOT NULL UNIQUE,
  seq BIGINT UNIQUE,                   -- NULL until dispatched
  type TEXT NOT NULL,
  user_id BIGINT,
  subject TEXT NOT NULL,
  json TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX outbox_undispatched ON outbox (id) WHERE seq IS NULL;

CREATE TABLE sink_cursors (
  sink TEXT PRIMARY KEY,
  seq BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL
);
