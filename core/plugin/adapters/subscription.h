// billing::PlanProvider over a reeld.subscription/1 table.
#pragma once
#include "billing/plan.h"
#include "plugin/instance.h"

#include <memory>
#include <string>

namespace reeld::plugin::adapters {

/// The instance must outlive it. Plans without a currency are of this one.
std::unique_ptr<billing::PlanProvider> planProvider(Instance& instance, std::string currency);

}  // namespace reeld::plugin::adapters
