#include "billing/ledger.h"

#include "base/error.h"

namespace reeld::billing {

namespace {

const db::Statement FindAll{R"(
  SELECT kind, id FROM ledger_accounts WHERE user_id = $1 AND currency = $2
  UNION ALL
  SELECT kind, id FROM ledger_accounts WHERE user_id IS NULL AND currency = $3)"};
const db::Statement InsertUsers{R"(
  INSERT INTO ledger_accounts (kind, user_id, currency) VALUES ('creator', $1, $2)
  ON CONFLICT DO NOTHING)"};
const db::Statement InsertSites{R"(
  INSERT INTO ledger_accounts (kind, currency)
  VALUES ('clearing', $1), ('platform', $2), ('pool', $3)
  ON CONFLICT DO NOTHING)"};
const db::Statement PostThree{R"(
  INSERT INTO ledger_postings (entry, order_id, account_id, amount_minor, rate_bp, created_at)
  VALUES ($1, $2, $3, $4, $5, $6), ($7, $8, $9, $10, $11, $12), ($13, $14, $15, $16, $17, $18))"};
const db::Statement PostTwo{R"(
  INSERT INTO ledger_postings (entry, order_id, account_id, amount_minor, rate_bp, created_at)
  VALUES ($1, $2, $3, $4, $5, $6), ($7, $8, $9, $10, $11, $12))"};
const db::Statement Reverse{R"(
  INSERT INTO ledger_postings (entry, order_id, account_id, amount_minor, rate_bp, created_at)
  SELECT $1, order_id, account_id, -amount_minor, rate_bp, $2
  FROM ledger_postings WHERE entry = $3 ORDER BY id)"};
const db::Statement SharesOf{R"(
  SELECT a.kind, p.amount_minor FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id
  WHERE p.entry = $1)"};

struct Accounts {
  std::int64_t clearing = 0;
  std::int64_t platform = 0;
  std::int64_t pool = 0;
  std::int64_t creator = 0;

  void add(const std::string& kind, std::int64_t id) {
    (kind == "clearing"   ? clearing
     : kind == "platform" ? platform
     : kind == "pool"     ? pool
                          : creator) = id;
  }
  bool isWhole(bool with_creator) const { return pool != 0 && (creator != 0 || !with_creator); }
};

Accounts accountsIn(const db::Rows& rows) {
  Accounts accounts;
  for (const db::Row& row : rows) {
    accounts.add(row.text(0), row.integer(1));
  }
  return accounts;
}

/// Found, or made; or made by another meanwhile.
Accounts accountsOf(db::Session& session, const Order& order, const db::Asked& asked) {
  Accounts accounts = accountsIn(asked.rows());
  if (!accounts.isWhole(order.creator_id.has_value())) {
    session.post(InsertSites, order.currency, order.currency, order.currency);
    if (order.creator_id) {
      session.post(InsertUsers, *order.creator_id, order.currency);
    }
    accounts = accountsIn(askAccounts(session, order).rows());
  }
  if (!accounts.isWhole(order.creator_id.has_value())) {
    throw Error(ErrorCode::Unavailable, "an account of the ledger is just being made")
        .retryAfter(1000);
  }
  return accounts;
}

}  // namespace

std::string paidEntry(OrderId id) { return "order:" + std::to_string(id) + ":paid"; }
std::string refundedEntry(OrderId id) { return "order:" + std::to_string(id) + ":refunded"; }

db::Asked askAccounts(db::Session& session, const Order& order) {
  return session.ask(FindAll, order.creator_id.value_or(0), order.currency, order.currency);
}

Shares postPayment(db::Session& session, const Order& order, const db::Asked& asked, EpochMs now) {
  const std::string entry = paidEntry(order.id);
  const auto [clearing, platform, pool, creator] = accountsOf(session, order, asked);
  if (!order.creator_id) {
    session.post(PostTwo, entry, order.id, clearing, -order.price_minor, AllBp, now, entry,
                 order.id, pool, order.price_minor, AllBp, now);
    return {};
  }
  const Shares shares = split(order.price_minor, order.creator_share_bp);
  session.post(PostThree, entry, order.id, clearing, -order.price_minor, AllBp, now, entry,
               order.id, creator, shares.creator_minor, order.creator_share_bp, now, entry,
               order.id, platform, shares.platform_minor, AllBp - order.creator_share_bp, now);
  return shares;
}

Shares postRefund(db::Session& session, const Order& order, EpochMs now) {
  const std::string entry = paidEntry(order.id);
  Shares shares;
  for (const db::Row& row : session.query(SharesOf, entry)) {
    if (row.text(0) == "creator") {
      shares.creator_minor = row.integer(1);
    } else if (row.text(0) == "platform") {
      shares.platform_minor = row.integer(1);
    }
  }
  session.post(Reverse, refundedEntry(order.id), now, entry);
  return shares;
}

}  // namespace reeld::billing
