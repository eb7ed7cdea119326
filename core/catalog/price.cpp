#include "catalog/price.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

constexpr std::size_t LongestText = 64;

std::string_view takeDigits(std::string_view& text) noexcept {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

}  // namespace

std::optional<std::int64_t> parsePrice(std::string_view decimal) noexcept {
  if (decimal.size() > LongestText) {
    return std::nullopt;
  }
  const auto whole = takeDigits(decimal);
  std::string_view fraction = "00";
  if (!decimal.empty() && decimal.front() == '.') {
    decimal.remove_prefix(1);
    fraction = takeDigits(decimal);
  }
  if (whole.empty() || fraction.empty() || !decimal.empty() ||
      fraction.find_first_not_of('0', 2) != std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t minor = 0;
  const auto add = [&](char digit) {
    minor = std::min(minor * 10 + (digit - '0'), MaxPriceMinor + 1);
  };
  std::for_each(whole.begin(), whole.end(), add);
  add(fraction[0]);
  add(fraction.size() > 1 ? fraction[1] : '0');
  return minor <= MaxPriceMinor ? std::optional(minor) : std::nullopt;
}

std::string printPrice(std::int64_t minor) {
  std::string text = std::to_string(minor / 100);
  const std::int64_t cents = minor % 100;
  if (cents != 0) {
    text += '.';
    text += static_cast<char>('0' + cents / 10);
    if (cents % 10 != 0) {
      text += static_cast<char>('0' + cents % 10);
    }
  }
  return text;
}

}  // namespace reeld::catalog
