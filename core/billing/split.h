// Sharing a price between creator and platform: whole minor units, parts that add up. Pure.
#pragma once
#include <cstdint>
#include <string>

namespace reeld::billing {

inline constexpr std::int64_t AllBp = 10'000;  ///< basis points of a whole

struct Shares {
  std::int64_t creator_minor = 0;
  std::int64_t platform_minor = 0;
};

/// The platform's share is rounded down, the remainder is the creator's. `price_minor` >= 0,
/// `creator_share_bp` from 0 to AllBp.
constexpr Shares split(std::int64_t price_minor, std::int64_t creator_share_bp) noexcept {
  // In two parts, so that no product is beyond 64 bits whatever the price is.
  const std::int64_t platform_bp = AllBp - creator_share_bp;
  const std::int64_t platform =
      price_minor / AllBp * platform_bp + price_minor % AllBp * platform_bp / AllBp;
  return {price_minor - platform, platform};
}

/// "9.99", "-0.5", "0": a JSON number, exact.
std::string printMoney(std::int64_t minor);

}  // namespace reeld::billing
