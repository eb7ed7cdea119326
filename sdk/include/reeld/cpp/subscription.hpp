// reeld.subscription/1 for a C++ class that has
//   void plans(Call, PlanSink)
//   Quote quote(Call, const PlanChange&)          throws Failure NOT_FOUND, CONFLICT
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/subscription.h>

namespace reeld::sdk {

struct Plan {
  std::string_view id, title;
  uint32_t interval_days = 0;
  reeld_money price{};
  std::string_view opens = "all";
};

class PlanSink {
 public:
  explicit PlanSink(const reeld_plan_sink* raw) noexcept : raw_(raw) {}
  void plan(const Plan& plan) const {
    const reeld_pair grant{abi("opens"), abi(plan.opens)};
    reeld_plan out{};
    out.struct_size = sizeof out;
    out.interval_days = plan.interval_days;
    out.id = abi(plan.id);
    out.title = abi(plan.title);
    out.price = plan.price;
    out.grants = {&grant, 1};
    raw_->plan(raw_->ctx, &out);
  }

 private:
  const reeld_plan_sink* raw_;
};

/// Views that are good until quote() returns. The fields are in subscription.h.
class PlanChange {
 public:
  explicit PlanChange(const reeld_plan_change* raw) noexcept : raw_(raw) {}
  std::string_view from() const noexcept { return view(raw_->from_plan); }
  std::string_view to() const noexcept { return view(raw_->to_plan); }
  int64_t atMs() const noexcept { return raw_->at_ms; }
  int64_t periodStartMs() const noexcept { return raw_->period_start_ms; }
  int64_t periodEndMs() const noexcept { return raw_->period_end_ms; }
  reeld_money paid() const noexcept { return raw_->paid; }

 private:
  const reeld_plan_change* raw_;
};

struct Quote {
  reeld_money due{};
  bool at_period_end = false;
};

namespace detail {

template <class P>
constexpr bool offersSubscription() {
  return requires { &P::plans; };
}

template <class P>
inline constexpr reeld_subscription subscription_table = [] {
  reeld_subscription table{};
  table.struct_size = sizeof table;
  table.plans = [](void* self, const reeld_call* call, const reeld_plan_sink* sink,
                   reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->plans(Call(call), PlanSink(sink));
      return REELD_OK;
    });
  };
  table.quote = [](void* self, const reeld_call* call, const reeld_plan_change* change,
                   const reeld_quote_sink* sink, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      const Quote made = static_cast<P*>(self)->quote(Call(call), PlanChange(change));
      reeld_quote out{};
      out.struct_size = sizeof out;
      out.flags = made.at_period_end ? static_cast<uint32_t>(REELD_QUOTE_AT_PERIOD_END) : 0;
      out.due = made.due;
      sink->quote(sink->ctx, &out);
      return REELD_OK;
    });
  };
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
