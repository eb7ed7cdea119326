// Counters and numbers as SQL has them.
#pragma once
#include "counters.h"

#include <reeld/plugin.hpp>

#include <cstdint>
#include <string>

namespace analytics_rollup {

inline reeld::sdk::SqlValue text(std::int64_t number) { return std::to_string(number); }

/// ", views, likes …"
inline std::string counterColumns() {
  std::string columns;
  for (const std::string_view name : CounterNames) {
    columns += ", " + std::string(name);
  }
  return columns;
}

/// ", CAST(SUM(views) AS BIGINT), …"
inline std::string counterSums() {
  std::string columns;
  for (const std::string_view name : CounterNames) {
    columns += ", CAST(SUM(" + std::string(name) + ") AS BIGINT)";
  }
  return columns;
}

}  // namespace analytics_rollup
