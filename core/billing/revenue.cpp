#include "billing/revenue.h"

#include "billing/subscription.h"

namespace reeld::billing {

namespace {

const db::Statement OfCreator{R"(
  SELECT p.created_at / 86400000 AS day, a.kind, CAST(SUM(p.amount_minor) AS BIGINT)
  FROM orders o JOIN ledger_postings p ON p.order_id = o.id
    JOIN ledger_accounts a ON a.id = p.account_id
  WHERE o.creator_id = $1 AND o.purpose = 'video' AND a.currency = $2
    AND p.created_at >= $3 AND p.created_at < $4
  GROUP BY p.created_at / 86400000, a.kind ORDER BY day, a.kind)"};
// What came in for subscriptions went to the pool alone.
const db::Statement OfSite{R"(
  SELECT p.created_at / 86400000 AS day, a.kind, CAST(SUM(p.amount_minor) AS BIGINT)
  FROM ledger_accounts a JOIN ledger_postings p ON p.account_id = a.id
  WHERE a.currency = $1 AND a.kind <> 'clearing' AND p.created_at >= $2 AND p.created_at < $3
  GROUP BY p.created_at / 86400000, a.kind ORDER BY day, a.kind)"};

void add(Earnings& to, const std::string& kind, std::int64_t amount) {
  if (kind == "pool") {
    to.pool_minor += amount;
  } else if (kind == "creator") {
    to.creator_minor += amount;
  } else if (kind == "platform") {
    to.platform_minor += amount;
  }
  to.sales_minor = to.creator_minor + to.platform_minor;
}

RevenueReport reportOf(const db::Rows& rows) {
  RevenueReport report;
  for (const db::Row& row : rows) {
    const EpochMs day = row.integer(0) * DayMs;
    if (report.days.empty() || report.days.back().day != day) {
      report.days.push_back({.day = day, .earnings = {}});
    }
    add(report.days.back().earnings, row.text(1), row.integer(2));
    add(report.total, row.text(1), row.integer(2));
  }
  return report;
}

}  // namespace

RevenueReport Revenue::ofCreator(std::int64_t creator, TimeRange range) {
  return reportOf(database_.readOne([&](db::Session& session) {
    return session.query(OfCreator, creator, currency_, range.from, range.until);
  }));
}

RevenueReport Revenue::ofSite(TimeRange range) {
  return reportOf(database_.readOne([&](db::Session& session) {
    return session.query(OfSite, currency_, range.from, range.until);
  }));
}

}  // namespace reeld::billing
