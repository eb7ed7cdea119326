-- An encoding is made in parts by many jobs: its sound once, ranges of its segments each by itself.
ALTER TABLE jobs ADD COLUMN encoding_id BIGINT;  -- whose part it makes; a job outlives its encoding
ALTER TABLE jobs ADD COLUMN result TEXT;         -- what a completed one says of what it made, JSON
ALTER TABLE jobs ADD COLUMN losses BIGINT NOT NULL DEFAULT 0;  -- daemons that were gone while they ran it
CREATE INDEX jobs_by_encoding ON jobs (encoding_id, id) WHERE encoding_id IS NOT NULL;

ALTER TABLE encodings ADD COLUMN poster_key TEXT;  -- made of it, not yet shown

-- Sound encoded once for the whole title, until every range has muxed its part.
CREATE TABLE sound_parts (
  id {ID},
  encoding_id BIGINT NOT NULL REFERENCES encodings (id),
  first_segment BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  storage_key TEXT NOT NULL UNIQUE,
  UNIQUE (encoding_id, first_segment)
);
