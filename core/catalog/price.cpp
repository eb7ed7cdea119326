#include "catalog/price.h"

#include <charconv>

namespace reeld::catalog {

namespace {

constexpr std::size_t LongestText = 64;
constexpr int LongestExponent = 1000;

std::string_view takeDigits(std::string_view& text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
    ++count;
  }
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

/// The exponent after the digits, 0 if there is none; nothing if it has no digits or is absurd.
std::optional<int> takeExponent(std::string_view& text) noexcept {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) {
    return 0;
  }
  text.remove_prefix(1);
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    text.remove_prefix(1);
  }
  const auto digits = takeDigits(text);
  int value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || failure != std::errc() || value > LongestExponent) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

}  // namespace

std::optional<std::int64_t> parsePrice(std::string_view decimal) noexcept {
  if (decimal.size() > LongestText) {
    return std::nullopt;
  }
  const auto whole = takeDigits(decimal);
  if (whole.empty()) {
    return std::nullopt;
  }
  std::string_view fraction;
  if (!decimal.empty() && decimal.front() == '.') {
    decimal.remove_prefix(1);
    fraction = takeDigits(decimal);
    if (fraction.empty()) {
      return std::nullopt;
    }
  }
  const auto exponent = takeExponent(decimal);
  if (!exponent || !decimal.empty()) {
    return std::nullopt;
  }
  // The digit with index i stands for 10^(places - i) minor units.
  const int places = static_cast<int>(whole.size()) - 1 + *exponent + 2;
  std::int64_t minor = 0;
  int index = 0;
  for (const auto digits : {whole, fraction}) {
    for (const char c : digits) {
      const int power = places - index++;
      if (c == '0') {
        continue;
      }
      if (power < 0 || power > 8) {  // a third place, or more than 999 999.99 could hold
        return std::nullopt;
      }
      std::int64_t unit = c - '0';
      for (int i = 0; i < power; ++i) {
        unit *= 10;
      }
      minor += unit;
    }
  }
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
