-- A user who registered and has not yet followed the link in the mail: cannot sign in. Not to be
-- confused with is_active, which is the administrator's switch and which no link turns.
ALTER TABLE users ADD COLUMN awaits_activation BIGINT NOT NULL DEFAULT 0;

-- Who asked for a new password, as asked: whether anybody has the address is looked up afterwards,
-- so that the answer takes the same time for all. A row lives for a moment.
CREATE TABLE reset_requests (
  id {ID},
  email_key TEXT NOT NULL,
  requested_at BIGINT NOT NULL
);
