#include "billing/ledger_check.h"

#include <array>

namespace reeld::billing {

namespace {

constexpr auto CheckEvery = std::chrono::hours(1);
constexpr auto CheckAfterFailure = std::chrono::minutes(5);

const db::Statement CountOfOrders{"SELECT COUNT(*) FROM orders"};
const db::Statement Postings{"SELECT COUNT(*) FROM ledger_postings"};

/// Each names what is wrong, by a text; the rows are the faults.
struct Rule {
  const char* what;
  db::Statement breakers;
};

const std::array Rules = {
    Rule{"does not sum to zero", db::Statement{R"(
      SELECT entry FROM ledger_postings GROUP BY entry HAVING SUM(amount_minor) <> 0
      ORDER BY entry LIMIT 100)"}},
    Rule{"was paid, and its price is not posted", db::Statement{R"(
      SELECT 'order:' || o.id FROM orders o
      WHERE o.state IN ('paid', 'disputed', 'refunded') AND NOT EXISTS (
        SELECT 1 FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id
        WHERE p.entry = 'order:' || o.id || ':paid' AND p.order_id = o.id AND a.kind = 'clearing'
          AND a.currency = o.currency AND p.amount_minor = -o.price_minor)
      ORDER BY o.id LIMIT 100)"}},
    Rule{"was refunded, and its postings are not reversed", db::Statement{R"(
      SELECT 'order:' || o.id FROM orders o
      WHERE o.state = 'refunded' AND (
        SELECT COUNT(*) FROM ledger_postings p JOIN ledger_postings r
          ON r.account_id = p.account_id AND r.amount_minor = -p.amount_minor
        WHERE p.entry = 'order:' || o.id || ':paid'
          AND r.entry = 'order:' || o.id || ':refunded') <>
        CASE WHEN o.purpose = 'video' THEN 3 ELSE 2 END
      ORDER BY o.id LIMIT 100)"}},
    Rule{"is posted, and its order was not paid", db::Statement{R"(
      SELECT p.entry FROM ledger_postings p JOIN orders o ON o.id = p.order_id
      WHERE o.state IN ('pending', 'failed', 'expired')
        OR (p.entry = 'order:' || o.id || ':refunded' AND o.state <> 'refunded')
        OR (p.entry <> 'order:' || o.id || ':paid' AND p.entry <> 'order:' || o.id || ':refunded')
      ORDER BY p.id LIMIT 100)"}},
    Rule{"is not shared as its rate says", db::Statement{R"(
      SELECT p.entry FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id
        JOIN orders o ON o.id = p.order_id
      WHERE a.kind = 'platform' AND p.entry = 'order:' || o.id || ':paid'
        AND (p.rate_bp <> 10000 - o.creator_share_bp OR p.amount_minor <>
          o.price_minor / 10000 * p.rate_bp + o.price_minor % 10000 * p.rate_bp / 10000)
      ORDER BY p.id LIMIT 100)"}},
    Rule{"is posted to another creator or currency", db::Statement{R"(
      SELECT p.entry FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id
        JOIN orders o ON o.id = p.order_id
      WHERE a.currency <> o.currency OR (a.kind = 'creator' AND a.user_id <> o.creator_id)
      ORDER BY p.id LIMIT 100)"}},
    Rule{"is active, and its period is not paid", db::Statement{R"(
      SELECT 'subscription:' || s.id FROM subscriptions s LEFT JOIN orders o ON o.id = s.order_id
      WHERE s.state IN ('active', 'grace') AND (o.id IS NULL OR o.state <> 'paid')
      ORDER BY s.id LIMIT 100)"}},
    Rule{"opens its video, and was never paid", db::Statement{R"(
      SELECT 'order:' || o.id FROM orders o
      WHERE o.state IN ('paid', 'disputed', 'refunded') AND o.paid_at IS NULL
      ORDER BY o.id LIMIT 100)"}},
};

}  // namespace

LedgerCheck::LedgerCheck(db::Database& database, const Clock& clock, const Log& log,
                         Metrics& metrics)
    : database_(database),
      clock_(clock),
      log_(log),
      faults_(metrics.gauge("reeld_billing_ledger_faults",
                            "faults that the last check of the ledger found")),
      checked_(metrics.gauge("reeld_billing_ledger_checked_seconds",
                             "when the ledger was checked last, seconds since 1970; 0 = never")),
      work_(database, log,
            {.task = "ledger",
             .failure = "cannot check the ledger",
             .often = CheckEvery,
             .after_failure = CheckAfterFailure},
            [this] { runAndTell(); }) {}

LedgerReport LedgerCheck::run() {
  LedgerReport report = database_.read([](db::Session& session) {
    LedgerReport found;
    found.orders = session.query(CountOfOrders).at(0).integer(0);
    found.postings = session.query(Postings).at(0).integer(0);
    for (const Rule& rule : Rules) {
      for (const db::Row& row : session.query(rule.breakers)) {
        found.faults.push_back(row.text(0) + " " + rule.what);
      }
    }
    return found;
  });
  faults_.set(static_cast<double>(report.faults.size()));
  checked_.set(static_cast<double>(clock_.now()) / 1000);
  return report;
}

void LedgerCheck::runAndTell() {
  for (const std::string& fault : run().faults) {
    log_.error("the ledger is not exact -> reeldctl ledger check", {{"fault", fault}});
  }
}

}  // namespace reeld::billing
