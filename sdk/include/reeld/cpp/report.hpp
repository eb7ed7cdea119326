// reeld.report/1 for a C++ class that has
//   std::string report(Call, std::string_view what)   JSON; throws Failure NOT_FOUND for no name
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/report.h>

namespace reeld::sdk::detail {

template <class P>
constexpr bool offersReport() {
  return requires(P & p, Call call, std::string_view what) { p.report(call, what); };
}

template <class P>
inline constexpr reeld_report report_table = [] {
  reeld_report table{};
  table.struct_size = sizeof table;
  table.report = [](void* self, const reeld_call* call, reeld_str what, const reeld_sink* json,
                    reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      const std::string text = static_cast<P*>(self)->report(Call(call), view(what));
      json->value(json->ctx, abiBytes(text), 0);
      return REELD_OK;
    });
  };
  return table;
}();

}  // namespace reeld::sdk::detail
