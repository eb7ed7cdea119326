// The plans of the configuration, and what a change between them costs.
#include "held.h"

#include <reeld/kind/subscription.h>

#include <optional>

using namespace reeld;
using namespace reeld::test;

namespace {

constexpr const char* PlansPlugin = "subscription-plans";
constexpr std::int64_t PlanDayMs = 86'400'000;
constexpr const char* Three = R"({"plans":{
  "standard":{"price":9.99,"interval_days":30,"opens":"all"},
  "year":{"title":"A year","price":"99","interval_days":365,"opens":"all"},
  "small":{"price":0.01,"interval_days":1,"opens":"all"}}})";

struct Listed {
  std::string id, title, currency, opens;
  std::int64_t minor = 0;
  std::uint32_t days = 0;
  bool operator==(const Listed&) const = default;
};

struct Plans : Held {
  explicit Plans(const std::string& config = "{}") : Held(PlansPlugin, config) {}
  std::vector<Listed> list() {
    std::vector<Listed> all;
    const reeld_plan_sink sink{
        &all, [](void* ctx, const reeld_plan* plan) {
          static_cast<std::vector<Listed>*>(ctx)->push_back(
              {std::string(plugin::view(plan->id)), std::string(plugin::view(plan->title)),
               plan->price.currency, std::string(plugin::view(plan->grants.items[0].value)),
               plan->price.minor_units, plan->interval_days});
        }};
    const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
    reeld_error said = plugin::blankError();
    REQUIRE(table<reeld_subscription>(REELD_SUBSCRIPTION).plans(self, &call, &sink, &said) ==
            REELD_OK);
    return all;
  }
  reeld_status quote(const std::string& to, std::int64_t paid, std::int64_t at) {
    reeld_plan_change change{};
    change.struct_size = sizeof change;
    change.from_plan = plugin::abi("standard");
    change.to_plan = plugin::abi(to);
    change.period_start_ms = 1'000'000;
    change.period_end_ms = change.period_start_ms + 30 * PlanDayMs;
    change.at_ms = change.period_start_ms + at;
    change.paid.minor_units = paid;
    quoted.reset();
    const reeld_quote_sink sink{&quoted, [](void* ctx, const reeld_quote* made) {
                                  static_cast<std::optional<reeld_quote>*>(ctx)->emplace(*made);
                                }};
    const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
    reeld_error said = plugin::blankError();
    return table<reeld_subscription>(REELD_SUBSCRIPTION).quote(self, &call, &change, &sink, &said);
  }
  std::int64_t due(const std::string& to, std::int64_t paid, std::int64_t at) {
    REQUIRE(quote(to, paid, at) == REELD_OK);
    return quoted->due.minor_units;
  }
  std::optional<reeld_quote> quoted;
};

}  // namespace

TEST_CASE("without a configuration there is one plan, 9.99 for thirty days of everything") {
  Plans plans;
  CHECK(plans.list() == std::vector<Listed>{{"standard", "standard", "", "all", 999, 30}});
}

TEST_CASE("plans come in the order they are written in, with exact prices") {
  Plans plans(Three);
  CHECK(plans.list() == std::vector<Listed>{{"standard", "standard", "", "all", 999, 30},
                                            {"year", "A year", "", "all", 9900, 365},
                                            {"small", "small", "", "all", 1, 1}});
}

TEST_CASE("a plan that is none is refused, by its place") {
  const std::pair<const char*, const char*> bad[] = {
      {R"({"plans":{}})", "/plans"},
      {R"({"plans":{"A":{"price":1,"interval_days":1,"opens":"all"}}})", "/plans"},
      {R"({"plans":{"a":1}})", "/plans/a"},
      {R"({"plans":{"a":{"interval_days":1,"opens":"all"}}})", "/plans/a/price"},
      {R"({"plans":{"a":{"price":0,"interval_days":1,"opens":"all"}}})", "/plans/a/price"},
      {R"({"plans":{"a":{"price":-1,"interval_days":1,"opens":"all"}}})", "/plans/a/price"},
      {R"({"plans":{"a":{"price":9.999,"interval_days":1,"opens":"all"}}})", "/plans/a/price"},
      {R"({"plans":{"a":{"price":1000000,"interval_days":1,"opens":"all"}}})", "/plans/a/price"},
      {R"({"plans":{"a":{"price":1,"interval_days":0,"opens":"all"}}})", "/plans/a/interval_days"},
      {R"({"plans":{"a":{"price":1,"interval_days":1.5,"opens":"all"}}})",
       "/plans/a/interval_days"},
      {R"({"plans":{"a":{"price":1,"interval_days":9999,"opens":"all"}}})",
       "/plans/a/interval_days"},
      {R"({"plans":{"a":{"price":1,"interval_days":1}}})", "/plans/a/opens"},
      {R"({"plans":{"a":{"price":1,"interval_days":1,"opens":"al"}}})", "/plans/a/opens"},
      {R"({"plans":{"a":{"price":1,"interval_days":1,"opens":"all","cost":1}}})", "/plans/a/cost"},
  };
  for (const auto& [config, pointer] : bad) {
    CAPTURE(config);
    Plans plans(config);
    CHECK(plans.status == REELD_INVALID);
    CHECK(std::string(plans.error.pointer) == pointer);
  }
}

TEST_CASE("a dearer plan costs its price less what is left of the period, a cheaper one waits") {
  Plans plans(Three);
  CHECK(plans.due("year", 999, 0) == 9900 - 999);
  CHECK(plans.due("year", 999, 15 * PlanDayMs) == 9900 - 499);
  CHECK(plans.due("year", 999, 30 * PlanDayMs) == 9900);
  CHECK(plans.due("year", 999, 31 * PlanDayMs) == 9900);
  CHECK(plans.quoted->flags == 0);
  CHECK(plans.due("small", 999, 15 * PlanDayMs) == 0);
  CHECK(plans.quoted->flags == REELD_QUOTE_AT_PERIOD_END);
  CHECK(plans.quote("nothing", 999, 0) == REELD_NOT_FOUND);
  // Whatever the time is, nobody is paid for a change, nor charged more than the price.
  for (std::int64_t hour = 0; hour <= 31 * 24; ++hour) {
    const std::int64_t due = plans.due("year", 999, hour * 3'600'000);
    CHECK((due >= 9900 - 999 && due <= 9900));
  }
}
