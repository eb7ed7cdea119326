-- Durable work. A claim raises attempt and sets a lease; every later write names the lease token, so a
-- worker whose lease went to another is refused.
CREATE TABLE jobs (
  id {ID},
  kind TEXT NOT NULL,
  args TEXT NOT NULL DEFAULT '{}',
  video_id BIGINT REFERENCES videos (id),
  state TEXT NOT NULL DEFAULT 'available'
    CHECK (state IN ('available', 'running', 'completed', 'discarded', 'cancelled')),
  priority BIGINT NOT NULL DEFAULT 2,
  run_at BIGINT NOT NULL,
  attempt BIGINT NOT NULL DEFAULT 0,
  max_attempts BIGINT NOT NULL DEFAULT 5,
  crashes BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT,
  locked_by TEXT,
  lease_token TEXT,
  cancel_asked BIGINT NOT NULL DEFAULT 0,
  unique_key TEXT,
  progress_permille BIGINT NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  CHECK ((state = 'running') = (lease_token IS NOT NULL))
);
CREATE INDEX jobs_to_claim ON jobs (priority, run_at, id) WHERE state = 'available';
CREATE INDEX jobs_by_lease ON jobs (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('available', 'running');
CREATE INDEX jobs_by_video ON jobs (video_id, id);
