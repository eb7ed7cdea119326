// What providers tell by themselves: verified by the plugin, recorded once, applied in the same
// transaction. A repetition changes nothing.
#pragma once
#include "base/clock.h"
#include "billing/payment_provider.h"
#include "billing/settlement.h"
#include "db/database.h"

namespace reeld::billing {

class PaymentHooks {
 public:
  /// Everything outlives this.
  PaymentHooks(db::Database& database, const Clock& clock, const PaymentProviders& providers,
               const Settlement& settlement)
      : database_(database), clock_(clock), providers_(providers), settlement_(settlement) {}

  /// How many of its events changed something. Throws NOT_FOUND for an instance that is none,
  /// UNAUTHENTICATED (reason webhook-unverified), INVALID for what is signed and cannot be read.
  int take(const std::string& instance, const HeaderList& headers, std::string_view body);

 private:
  db::Database& database_;
  const Clock& clock_;
  const PaymentProviders& providers_;
  const Settlement& settlement_;
};

}  // namespace reeld::billing
