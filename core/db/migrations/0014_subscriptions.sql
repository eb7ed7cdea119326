-- Subscriptions: who has which plan until when. What was agreed is kept with each, so that a plan that
-- changes holds for new subscribers.
CREATE TABLE subscriptions (
  id {ID},
  user_id BIGINT NOT NULL REFERENCES users (id),
  plan TEXT NOT NULL,
  title TEXT NOT NULL,
  opens TEXT NOT NULL,
  price_minor BIGINT NOT NULL CHECK (price_minor > 0),
  currency TEXT NOT NULL,
  interval_days BIGINT NOT NULL CHECK (interval_days > 0),
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'active', 'grace', 'held', 'ended', 'failed')),
  renews BIGINT NOT NULL DEFAULT 1,    -- 0 = it ends with the period
  next_plan TEXT,                      -- the plan from the next period on, JSON
  order_id BIGINT REFERENCES orders (id),  -- what paid for this period
  period_start BIGINT NOT NULL,
  period_end BIGINT NOT NULL,
  renew_at BIGINT,                     -- when to look at it next; NULL = it has ended, or never began
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);
-- One at a time; also how the access rule finds it.
CREATE UNIQUE INDEX subscriptions_live ON subscriptions (user_id)
  WHERE state IN ('pending', 'active', 'grace', 'held');
CREATE INDEX subscriptions_by_user ON subscriptions (user_id, id);
CREATE INDEX subscriptions_by_order ON subscriptions (order_id);
CREATE INDEX subscriptions_to_renew ON subscriptions (renew_at) WHERE renew_at IS NOT NULL;

ALTER TABLE orders ADD COLUMN subscription_id BIGINT REFERENCES subscriptions (id);
ALTER TABLE orders ADD COLUMN term TEXT;  -- start, renewal, change: what of the subscription it pays
ALTER TABLE orders ADD COLUMN plan TEXT;  -- the plan it pays for, JSON
CREATE INDEX orders_by_subscription ON orders (subscription_id);
CREATE UNIQUE INDEX orders_live_term ON orders (subscription_id)
  WHERE state = 'pending' AND subscription_id IS NOT NULL;
