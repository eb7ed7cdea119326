// What providers have told, as rows: each event once, with the word for what came of it. Every
// function works in the session it is given.
#pragma once
#include "base/clock.h"
#include "billing/order.h"
#include "billing/payment_provider.h"
#include "db/database.h"

#include <string>
#include <string_view>

namespace reeld::billing {

/// Reliable for an event that names an order whose row is locked: whoever writes it has the lock.
bool isEventKnown(db::Session& session, const std::string& provider, const std::string& event);
/// Of an order whose row is locked, and not known. That it is after all, since it is told of
/// another order at this very moment, fails the transaction: told once more, it is known.
void insertEvent(db::Session& session, const std::string& provider, const PaymentEvent& event,
                 OrderId order, std::string_view outcome, EpochMs now);
/// Of no order of the provider's; false if it is known.
bool insertStrayEvent(db::Session& session, const std::string& provider, const PaymentEvent& event,
                      std::string_view outcome, EpochMs now);
void setOutcome(db::Session& session, const std::string& provider, const std::string& event,
                std::string_view outcome);
/// (provider, event, type, provider_ref) of those that came before the payment they presume.
db::Asked askForEarlyEvents(db::Session& session, OrderId order);

}  // namespace reeld::billing
