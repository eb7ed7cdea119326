-- How far an encoding has come: what is planned against what its jobs have published.
ALTER TABLE encodings ADD COLUMN planned BIGINT NOT NULL DEFAULT 0;  -- segments of all renditions
ALTER TABLE jobs ADD COLUMN made BIGINT NOT NULL DEFAULT 0;  -- segments it published, in all its lives
ALTER TABLE jobs ADD COLUMN made_at BIGINT;                  -- the last of them
