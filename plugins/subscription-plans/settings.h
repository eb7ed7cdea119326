// The plans of the configuration.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace subscription_plans {

struct ConfiguredPlan {
  std::string id;
  std::string title;
  std::int64_t price_minor = 0;
  std::uint32_t interval_days = 0;
  std::string opens;
};

/// In the order of the configuration. Throws Failure INVALID, with a pointer to what is wrong.
std::vector<ConfiguredPlan> plansIn(std::string_view config);

}  // namespace subscription_plans
