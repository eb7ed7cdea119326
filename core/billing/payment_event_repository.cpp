#include "billing/payment_event_repository.h"

namespace reeld::billing {

namespace {

const db::Statement FindEvent{R"(
  SELECT 1 FROM payment_events WHERE provider = $1 AND event_id = $2)"};
const db::Statement InsertEvent{R"(
  INSERT INTO payment_events (provider, event_id, order_id, type, amount_minor, currency,
    provider_ref, outcome, occurred_at, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))"};
// Of no order, so that no lock keeps the same from being told twice at once.
const db::Statement InsertStrayEvent{R"(
  INSERT INTO payment_events (provider, event_id, type, amount_minor, currency, provider_ref,
    outcome, occurred_at, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT DO NOTHING RETURNING event_id)"};
const db::Statement SetOutcome{R"(
  UPDATE payment_events SET outcome = $1 WHERE provider = $2 AND event_id = $3)"};
// In the order they happened, not in that they came.
const db::Statement SelectEarly{R"(
  SELECT provider, event_id, type, provider_ref FROM payment_events
  WHERE order_id = $1 AND outcome = 'early'
  ORDER BY occurred_at, CASE WHEN type = 'disputed' THEN 0 ELSE 1 END, event_id)"};

}  // namespace

bool isEventKnown(db::Session& session, const std::string& provider, const std::string& event) {
  return session.find(FindEvent, provider, event).has_value();
}

void insertEvent(db::Session& session, const std::string& provider, const PaymentEvent& event,
                 OrderId order, std::string_view outcome, EpochMs now) {
  session.post(InsertEvent, provider, event.id, order, word(event.type), event.amount.minor,
               event.amount.currency, event.provider_ref, outcome, event.at, now);
}

bool insertStrayEvent(db::Session& session, const std::string& provider, const PaymentEvent& event,
                      std::string_view outcome, EpochMs now) {
  return session
      .find(InsertStrayEvent, provider, event.id, word(event.type), event.amount.minor,
            event.amount.currency, event.provider_ref, outcome, event.at, now)
      .has_value();
}

void setOutcome(db::Session& session, const std::string& provider, const std::string& event,
                std::string_view outcome) {
  session.post(SetOutcome, outcome, provider, event);
}

db::Asked askForEarlyEvents(db::Session& session, OrderId order) {
  return session.ask(SelectEarly, order);
}

}  // namespace reeld::billing
