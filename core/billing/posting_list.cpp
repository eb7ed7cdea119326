#include "billing/posting_list.h"

namespace reeld::billing {

namespace {

const db::Statement Behind{R"(
  SELECT p.id, p.entry, p.order_id, a.kind, a.user_id, p.amount_minor, a.currency, p.rate_bp,
    p.created_at
  FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id
  WHERE p.id > $1 ORDER BY p.id LIMIT $2)"};

}  // namespace

std::vector<Posting> listPostings(db::Session& session, std::int64_t after, std::int64_t limit) {
  std::vector<Posting> list;
  for (const db::Row& row : session.query(Behind, after, limit)) {
    list.push_back({.id = row.integer(0),
                    .entry = row.text(1),
                    .order = row.integer(2),
                    .account = row.text(3),
                    .user = row.maybeInteger(4),
                    .amount_minor = row.integer(5),
                    .currency = row.text(6),
                    .rate_bp = row.integer(7),
                    .at = row.integer(8)});
  }
  return list;
}

}  // namespace reeld::billing
