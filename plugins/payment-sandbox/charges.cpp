#include "charges.h"

using reeld::sdk::Failure;
using reeld::sdk::SqlRow;

namespace payment_sandbox {

namespace {

Payment paymentOf(const SqlRow& row) {
  const auto text = [&](std::size_t column) { return row.at(column).value_or(""); };
  return {.key = text(0),
          .order = text(1),
          .ref = text(2),
          .minor = std::stoll(text(3)),
          .currency = text(4),
          .state = text(5),
          .at_ms = std::stoll(text(6)),
          .pays_at_ms = std::stoll(text(7))};
}

}  // namespace

void Charges::bringUp() const {
  sql_.transact([&] {
    if (!sql_.isSqlite()) {
      sql_.execute("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7234511)) one_at_a_time");
    }
    sql_.execute(
        "CREATE TABLE IF NOT EXISTS sandbox_charges (charge_key TEXT PRIMARY KEY, "
        "order_id TEXT NOT NULL UNIQUE, ref TEXT NOT NULL UNIQUE, amount_minor BIGINT NOT NULL, "
        "currency TEXT NOT NULL, state TEXT NOT NULL, at_ms BIGINT NOT NULL, "
        "pays_at_ms BIGINT NOT NULL)");
    sql_.execute(
        "CREATE TABLE IF NOT EXISTS sandbox_deliveries (id TEXT PRIMARY KEY, "
        "due_ms BIGINT NOT NULL, position BIGINT NOT NULL, body TEXT NOT NULL, "
        "tries BIGINT NOT NULL)");
    sql_.execute(
        "CREATE INDEX IF NOT EXISTS sandbox_deliveries_due ON sandbox_deliveries "
        "(due_ms, position)");
  });
}

Payment Charges::begin(const Payment& wanted) const {
  const auto made = sql_.execute(
      "INSERT INTO sandbox_charges (charge_key, order_id, ref, amount_minor, currency, state, "
      "at_ms, pays_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT DO NOTHING RETURNING ref",
      {wanted.key, wanted.order, wanted.ref, std::to_string(wanted.minor), wanted.currency,
       wanted.state, std::to_string(wanted.at_ms), std::to_string(wanted.pays_at_ms)});
  if (!made.empty()) {
    return wanted;
  }
  const auto before = find(wanted.order);
  if (!before || before->key != wanted.key || before->minor != wanted.minor ||
      before->currency != wanted.currency) {
    throw Failure(REELD_CONFLICT, "this key or order has another charge");
  }
  return *before;
}

std::optional<Payment> Charges::find(std::string_view order) const {
  const auto rows = sql_.query(
      "SELECT charge_key, order_id, ref, amount_minor, currency, state, at_ms, pays_at_ms "
      "FROM sandbox_charges WHERE order_id = $1",
      {std::string(order)});
  return rows.empty() ? std::nullopt : std::optional(paymentOf(rows.front()));
}

void Charges::refund(std::string_view ref, std::int64_t minor, std::string_view currency) const {
  const auto rows = sql_.execute(
      "UPDATE sandbox_charges SET state = 'refunded' "
      "WHERE ref = $1 AND amount_minor = $2 AND currency = $3 AND state <> 'declined' "
      "RETURNING ref",
      {std::string(ref), std::to_string(minor), std::string(currency)});
  if (rows.empty()) {
    throw Failure(REELD_NOT_FOUND, "there is no such payment to give back");
  }
}

}  // namespace payment_sandbox
