// Plans as the configuration has them, the first one the usual. A dearer plan begins at once, for
// its price less what is left of the period that was paid; a cheaper one begins with the next
// period.
#include "settings.h"

#include <reeld/plugin.hpp>

#include <algorithm>
#include <memory>
#include <mutex>

using namespace reeld::sdk;

namespace subscription_plans {
namespace {

class SubscriptionPlans {
 public:
  static constexpr auto id = "org.reeld.subscription-plans";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Plans in the configuration";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "plans": {
        "type": "object",
        "default": {"standard": {"price": 9.99, "interval_days": 30, "opens": "all"}},
        "description": "by name: price, interval_days, opens (all), title; the first is the usual"
      }
    }
  })";

  SubscriptionPlans(Host, std::string_view config) { reconfigure(config); }

  void reconfigure(std::string_view config) {
    auto next = std::make_shared<const std::vector<ConfiguredPlan>>(plansIn(config));
    const std::lock_guard lock(mutex_);
    plans_ = std::move(next);
  }

  void plans(Call, PlanSink sink) {
    for (const auto all = current(); const ConfiguredPlan& plan : *all) {
      Plan out{.id = plan.id, .title = plan.title, .interval_days = plan.interval_days};
      out.price.minor_units = plan.price_minor;
      out.opens = plan.opens;
      sink.plan(out);
    }
  }

  Quote quote(Call, const PlanChange& change) {
    const auto all = current();
    const auto to = std::find_if(all->begin(), all->end(), [&](const ConfiguredPlan& plan) {
      return plan.id == change.to();
    });
    if (to == all->end()) {
      throw Failure(REELD_NOT_FOUND, "there is no such plan");
    }
    Quote quote;
    quote.due = change.paid();
    const std::int64_t paid = change.paid().minor_units;
    if (to->price_minor <= paid) {
      quote.due.minor_units = 0;
      quote.at_period_end = true;
      return quote;
    }
    // The rest is rounded down to the buyer's disadvantage by less than a cent.
    const std::int64_t length = change.periodEndMs() - change.periodStartMs();
    const std::int64_t left = std::clamp<std::int64_t>(change.periodEndMs() - change.atMs(), 0,
                                                       std::max<std::int64_t>(length, 0));
    const std::int64_t seconds = std::max<std::int64_t>(length / 1000, 1);
    quote.due.minor_units = to->price_minor - paid * (left / 1000) / seconds;
    return quote;
  }

 private:
  std::shared_ptr<const std::vector<ConfiguredPlan>> current() {
    const std::lock_guard lock(mutex_);
    return plans_;
  }

  std::mutex mutex_;
  std::shared_ptr<const std::vector<ConfiguredPlan>> plans_;
};

}  // namespace
}  // namespace subscription_plans

using subscription_plans::SubscriptionPlans;
REELD_PLUGIN(SubscriptionPlans)
