-- Money: orders, what providers told of them, and the ledger. Amounts are whole minor units.

-- One purchase, its price and shares frozen when it was begun. video_id leads to no row: what was sold
-- stays sold when the video is purged.
CREATE TABLE orders (
  id {ID},
  reference TEXT NOT NULL UNIQUE,      -- random; what the provider knows the order by
  purpose TEXT NOT NULL DEFAULT 'video' CHECK (purpose IN ('video', 'subscription')),
  user_id BIGINT NOT NULL REFERENCES users (id),
  video_id BIGINT,
  creator_id BIGINT REFERENCES users (id),
  title TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'paid', 'failed', 'expired', 'refunded', 'disputed')),
  price_minor BIGINT NOT NULL CHECK (price_minor > 0),
  currency TEXT NOT NULL,
  creator_share_bp BIGINT NOT NULL CHECK (creator_share_bp BETWEEN 0 AND 10000),
  provider TEXT NOT NULL,              -- the instance
  provider_ref TEXT,                   -- what the provider calls the payment
  checkout_url TEXT,                   -- where the buyer has to go
  request_key TEXT,                    -- the Idempotency-Key it was begun with
  busy_until BIGINT NOT NULL DEFAULT 0,  -- the provider's charge() may still be running ...
  busy_by TEXT,                        -- ... in this daemon
  ask_at BIGINT,                       -- when to ask the provider what became of it; NULL = it has said
  refund_at BIGINT,                    -- when to try to give the money back; NULL = nothing to give
  refund_by BIGINT,                    -- the administrator; whoever deletes a user leaves his row
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  paid_at BIGINT,
  ended_at BIGINT,                     -- failed, expired or refunded
  CHECK ((purpose = 'video') = (video_id IS NOT NULL AND creator_id IS NOT NULL))
);
-- One purchase of a video by a user at a time.
CREATE UNIQUE INDEX orders_live ON orders (user_id, video_id)
  WHERE state IN ('pending', 'paid', 'disputed');
-- How the access rule finds what was bought, without a look at the order itself.
CREATE INDEX orders_paid ON orders (user_id, video_id) WHERE state = 'paid';
CREATE INDEX orders_by_user ON orders (user_id, id);
CREATE INDEX orders_by_creator ON orders (creator_id, id);
CREATE INDEX orders_pending ON orders (expires_at) WHERE state = 'pending';
CREATE INDEX orders_to_ask ON orders (ask_at) WHERE ask_at IS NOT NULL;
CREATE INDEX orders_to_refund ON orders (refund_at) WHERE refund_at IS NOT NULL;

-- Each event of a provider once, whatever came of it.
CREATE TABLE payment_events (
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  order_id BIGINT REFERENCES orders (id),  -- NULL: names none of ours
  type TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  provider_ref TEXT NOT NULL,
  outcome TEXT NOT NULL,               -- applied, early, mismatch, refund-due, ignored, unknown-order
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (provider, event_id)
);
CREATE INDEX payment_events_by_order ON payment_events (order_id);

-- clearing: what providers hold for the site; creator: what is owed to one; platform: the site's own
-- share; pool: income of subscriptions.
CREATE TABLE ledger_accounts (
  id {ID},
  kind TEXT NOT NULL CHECK (kind IN ('clearing', 'creator', 'platform', 'pool')),
  user_id BIGINT REFERENCES users (id),
  currency TEXT NOT NULL,
  CHECK ((kind = 'creator') = (user_id IS NOT NULL))
);
CREATE UNIQUE INDEX ledger_accounts_of_users ON ledger_accounts (user_id, currency);
CREATE UNIQUE INDEX ledger_accounts_of_site ON ledger_accounts (kind, currency)
  WHERE user_id IS NULL;

-- Postings of one entry sum to zero. Never changed, never deleted: what was wrong is reversed.
CREATE TABLE ledger_postings (
  id {ID},
  entry TEXT NOT NULL,                 -- order:17:paid, order:17:refunded
  order_id BIGINT NOT NULL REFERENCES orders (id),
  account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
  amount_minor BIGINT NOT NULL,
  rate_bp BIGINT NOT NULL,             -- of the price, as it was when this was posted
  created_at BIGINT NOT NULL,
  UNIQUE (entry, account_id)
);
CREATE INDEX ledger_postings_by_order ON ledger_postings (order_id);
CREATE INDEX ledger_postings_by_account ON ledger_postings (account_id, created_at);

-- The first answer to each Idempotency-Key of a user, for a day.
CREATE TABLE idempotency (
  user_id BIGINT NOT NULL REFERENCES users (id),
  request_key TEXT NOT NULL,
  operation TEXT NOT NULL,
  answer TEXT,                         -- JSON; NULL while it is being worked out
  busy_until BIGINT NOT NULL,
  busy_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, request_key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
