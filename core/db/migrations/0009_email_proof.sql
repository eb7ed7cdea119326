-- A user who registered himself and has not shown yet that the address is his. Where no activation
-- is asked for he signs in all the same (awaits_activation is 0); if a provider vouches for the
-- address one day, what he set up so far goes: it may be a stranger's.
ALTER TABLE users ADD COLUMN email_unproved BIGINT NOT NULL DEFAULT 0;
UPDATE users SET email_unproved = awaits_activation;

-- Sessions that are over are looked for every hour.
CREATE INDEX sessions_expires_at ON sessions (expires_at);
