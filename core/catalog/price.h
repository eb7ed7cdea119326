// Prices as decimal text: 9.99 in the API, 999 minor units everywhere else. Exact: no double is
// involved.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::catalog {

inline constexpr std::int64_t MaxPriceMinor = 99'999'999;  ///< 999 999.99

/// Minor units of plain decimal digits ("9.99", "10", "9.990"), from 0 to MaxPriceMinor. Nothing
/// for anything else: signs, exponents, NaN, a value with a third place, spaces, an amount beyond
/// the limit.
std::optional<std::int64_t> parsePrice(std::string_view decimal) noexcept;

/// "9.99", "9.5", "10": a JSON number.
std::string printPrice(std::int64_t minor);

}  // namespace reeld::catalog
