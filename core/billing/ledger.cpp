#include "billing/ledger.h"

#include "base/error.h"

namespace reeld::billing {

namespace {

const db::Statement FindUsers{R"(
  SELECT id FROM ledger_accounts WHERE user_id = $1 AND currency = $2)"};
const db::Statement InsertUsers{R"(
  INSERT INTO ledger_accounts (kind, user_id, currency) VALUES ('creator', $1, $2)
  ON CONFLICT DO NOTHING RETURNING id)"};
const db::Statement FindSites{R"(
  SELECT id FROM ledger_accounts WHERE kind = $1 AND currency = $2 AND user_id IS NULL)"};
const db::Statement InsertSites{R"(
  INSERT INTO ledger_accounts (kind, currency) VALUES ($1, $2)
  ON CONFLICT DO NOTHING RETURNING id)"};
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

std::int64_t createdId(const std::optional<db::Row>& row) {
  if (!row) {
    // Another transaction makes it: this one has to see the row, and cannot any more.
    throw Error(ErrorCode::Unavailable, "an account of the ledger is just being made")
        .retryAfter(1000);
  }
  return row->integer(0);
}

std::int64_t accountOfUser(db::Session& session, std::int64_t user, const std::string& currency) {
  const auto found = session.find(FindUsers, user, currency);
  return found ? found->integer(0) : createdId(session.find(InsertUsers, user, currency));
}

std::int64_t accountOfSite(db::Session& session, const char* kind, const std::string& currency) {
  const auto found = session.find(FindSites, kind, currency);
  return found ? found->integer(0) : createdId(session.find(InsertSites, kind, currency));
}

}  // namespace

std::string paidEntry(OrderId id) { return "order:" + std::to_string(id) + ":paid"; }
std::string refundedEntry(OrderId id) { return "order:" + std::to_string(id) + ":refunded"; }

Shares postPayment(db::Session& session, const Order& order, EpochMs now) {
  const std::string entry = paidEntry(order.id);
  const std::int64_t clearing = accountOfSite(session, "clearing", order.currency);
  if (!order.creator_id) {
    const std::int64_t pool = accountOfSite(session, "pool", order.currency);
    session.execute(PostTwo, entry, order.id, clearing, -order.price_minor, AllBp, now, entry,
                    order.id, pool, order.price_minor, AllBp, now);
    return {};
  }
  const std::int64_t creator = accountOfUser(session, *order.creator_id, order.currency);
  const std::int64_t platform = accountOfSite(session, "platform", order.currency);
  const Shares shares = split(order.price_minor, order.creator_share_bp);
  session.execute(PostThree, entry, order.id, clearing, -order.price_minor, AllBp, now, entry,
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
  session.execute(Reverse, refundedEntry(order.id), now, entry);
  return shares;
}

}  // namespace reeld::billing
