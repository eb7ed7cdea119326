// billing::PaymentProvider over a reeld.payment/1 table.
#pragma once
#include "billing/payment_provider.h"
#include "plugin/instance.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance must outlive it. So many charge at once (charge_line.h): fewer than an instance may
/// have calls.
std::unique_ptr<billing::PaymentProvider> paymentProvider(Instance& instance, int places);

}  // namespace reeld::plugin::adapters
