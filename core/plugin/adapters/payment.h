// billing::PaymentProvider over a reeld.payment/1 table.
#pragma once
#include "billing/payment_provider.h"
#include "plugin/instance.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance must outlive it.
std::unique_ptr<billing::PaymentProvider> paymentProvider(Instance& instance);

}  // namespace reeld::plugin::adapters
