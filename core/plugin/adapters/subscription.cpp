// A plan that breaks the rules of subscription.h is a fault of the plugin, and none is sold then.
#include "plugin/adapters/subscription.h"

#include "plugin/call.h"

#include <reeld/kind/subscription.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace reeld::plugin::adapters {
namespace {

using billing::Plan;
using billing::PlanChange;

constexpr std::uint32_t LongestInterval = 3660;
constexpr std::size_t LongestId = 64;
constexpr std::size_t LongestTitle = 200;
constexpr std::size_t MostPlans = 100;

bool isId(std::string_view text) {
  return !text.empty() && text.size() <= LongestId && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::string currencyOf(const reeld_money& money, const std::string& otherwise) {
  const std::string code(money.currency, strnlen(money.currency, sizeof money.currency));
  return code.empty() ? otherwise : code;
}

std::string opensOf(const reeld_list& grants) {
  for (std::size_t i = 0; i < grants.count; ++i) {
    if (view(grants.items[i].key) == "opens" && view(grants.items[i].value) == "all") {
      return "all";
    }
  }
  return "";
}

struct PlansTold {
  const std::string& currency;
  std::vector<Plan> plans = {};
  bool is_odd = false;

  static void keep(void* ctx, const reeld_plan* raw) {
    auto& told = *static_cast<PlansTold*>(ctx);
    const std::string_view id = view(raw->id);
    const std::string_view title = view(raw->title);
    const bool is_known = std::any_of(told.plans.begin(), told.plans.end(),
                                      [&](const Plan& plan) { return plan.id == id; });
    if (raw->struct_size < sizeof(reeld_plan) || !isId(id) || is_known || title.empty() ||
        title.size() > LongestTitle || raw->interval_days == 0 ||
        raw->interval_days > LongestInterval || raw->price.minor_units <= 0 ||
        told.plans.size() == MostPlans) {
      told.is_odd = true;
      return;
    }
    told.plans.push_back({.id = std::string(id),
                          .title = std::string(title),
                          .interval_days = raw->interval_days,
                          .price_minor = raw->price.minor_units,
                          .currency = currencyOf(raw->price, told.currency),
                          .opens = opensOf(raw->grants)});
  }
};

class PlanAdapter final : public billing::PlanProvider {
 public:
  PlanAdapter(Instance& instance, std::string currency)
      : instance_(instance), currency_(std::move(currency)) {}

  std::vector<Plan> plans() override {
    PlansTold told{.currency = currency_};
    const reeld_plan_sink sink{&told, &PlansTold::keep};
    Call call(instance_);
    const auto& table = call.table<reeld_subscription>(REELD_SUBSCRIPTION);
    call.require(table.plans(call.self(), call.context(), &sink, call.error()));
    if (told.is_odd) {
      refuseOdd(call, "a plan that breaks the rules");
    }
    return std::move(told.plans);
  }

  billing::Quote quote(const PlanChange& change) override {
    reeld_plan_change raw{};
    raw.struct_size = sizeof raw;
    raw.from_plan = abi(change.from);
    raw.to_plan = abi(change.to);
    raw.at_ms = change.at;
    raw.period_start_ms = change.period_start;
    raw.period_end_ms = change.period_end;
    raw.paid.minor_units = change.paid.minor;
    change.paid.currency.copy(raw.paid.currency, sizeof raw.paid.currency - 1);
    std::optional<reeld_quote> quoted;
    const reeld_quote_sink sink{&quoted, [](void* ctx, const reeld_quote* made) {
                                  static_cast<std::optional<reeld_quote>*>(ctx)->emplace(*made);
                                }};
    Call call(instance_);
    const auto& table = call.table<reeld_subscription>(REELD_SUBSCRIPTION);
    call.require(table.quote(call.self(), call.context(), &raw, &sink, call.error()));
    if (!quoted || quoted->struct_size < sizeof(reeld_quote) || quoted->due.minor_units < 0 ||
        currencyOf(quoted->due, change.paid.currency) != change.paid.currency) {
      refuseOdd(call, "no quote, or one that breaks the rules");
    }
    return {.due_minor = quoted->due.minor_units,
            .at_period_end = (quoted->flags & REELD_QUOTE_AT_PERIOD_END) != 0};
  }

 private:
  [[noreturn]] void refuseOdd(Call& call, const std::string& what) const {
    call.answered(REELD_INTERNAL);
    throw Error(ErrorCode::Internal, "plugin \"" + instance_.name() + "\" gave " + what);
  }

  Instance& instance_;
  const std::string currency_;
};

}  // namespace

std::unique_ptr<billing::PlanProvider> planProvider(Instance& instance, std::string currency) {
  return std::make_unique<PlanAdapter>(instance, std::move(currency));
}

}  // namespace reeld::plugin::adapters
