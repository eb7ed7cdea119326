// reeld.analytics/1 for a C++ class that has
//   size_t consume(const std::vector<Event>& events)   how many were taken, from the front
// and, optionally, `static constexpr uint32_t max_batch` (100 without it) and
//   std::string report(Call, std::string_view name, std::string_view params)   JSON for JSON
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/analytics.h>

#include <vector>

namespace reeld::sdk {

/// Views that are good until consume() returns.
class Event {
 public:
  explicit Event(const reeld_event* raw) noexcept : raw_(raw) {}
  std::string_view id() const noexcept { return view(raw_->id); }
  std::string_view type() const noexcept { return view(raw_->type); }
  std::string_view userId() const noexcept { return view(raw_->user_id); }
  std::string_view subject() const noexcept { return view(raw_->subject); }
  std::string_view json() const noexcept { return view(raw_->json); }
  int64_t timeMs() const noexcept { return raw_->time_ms; }

 private:
  const reeld_event* raw_;
};

namespace detail {

template <class P>
constexpr bool offersAnalytics() {
  return requires { &P::consume; };
}

/// The report of reeld.report/1 has one argument less; a class may have both.
template <class P>
constexpr bool offersAnalyticsReport() {
  return requires(P & p, Call call, std::string_view text) { p.report(call, text, text); };
}

template <class P>
inline constexpr reeld_analytics analytics_table = [] {
  reeld_analytics table{};
  table.struct_size = sizeof table;
  if constexpr (requires { P::max_batch; })
    table.max_batch = P::max_batch;
  table.consume = [](void* self, const reeld_event* const* events, size_t count, size_t* taken,
                     reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      std::vector<Event> batch;
      batch.reserve(count);
      for (size_t i = 0; i < count; ++i)
        batch.emplace_back(events[i]);
      *taken = static_cast<P*>(self)->consume(batch);
      return REELD_OK;
    });
  };
  if constexpr (offersAnalyticsReport<P>()) {
    table.report = [](void* self, const reeld_call* call, reeld_str name, reeld_str params,
                      const reeld_sink* json, reeld_error* error) noexcept -> reeld_status {
      return contain(error, [&]() -> reeld_status {
        const std::string text =
            static_cast<P*>(self)->report(Call(call), view(name), view(params));
        json->value(json->ctx, abiBytes(text), 0);
        return REELD_OK;
      });
    };
  }
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
