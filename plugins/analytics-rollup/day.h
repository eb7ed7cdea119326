// Days of UTC as numbers since 1970, which sort and subtract; and as people write them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace analytics_rollup {

using Day = std::int64_t;

/// Before any day there is: of who was never here.
inline constexpr Day Never = -1;

Day dayOf(std::int64_t epoch_ms) noexcept;
/// "2026-11-29"
std::string print(Day day);
std::optional<Day> parseDay(std::string_view text) noexcept;

}  // namespace analytics_rollup
