// The port of plans over a subscription plugin written in plain C, through a registry as the daemon
// has it.
#include "plugin/adapters/subscription.h"
#include "world.h"

#include <reeld/kind/subscription.h>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("plans reach the host whole, and odd quotes are faults of the plugin") {
  World world;
  world.add(tiny("planner"));
  auto& registry = world.run({{"plans", "planner", true, {}}});
  const auto plans = plugin::adapters::planProvider(
      registry.require("plans", REELD_SUBSCRIPTION, "subscription"), "EUR");
  CHECK(plans->plans() == std::vector<billing::Plan>{{"month", "Month", 30, 999, "EUR", "all"},
                                                     {"dollars", "Month", 30, 5, "USD", ""}});
  const auto quote = [&](const std::string& to) {
    return plans->quote({.from = "month",
                         .to = to,
                         .at = 5,
                         .period_start = 1,
                         .period_end = 9,
                         .paid = {999, "EUR"}});
  };
  CHECK(quote("dollars").due_minor == 999);
  CHECK(quote("dollars").at_period_end);
  CHECK(codeThrown([&] { quote("odd"); }) == ErrorCode::Internal);
  CHECK(codeThrown([&] { quote("none"); }) == ErrorCode::Internal);
}
