#include "config/units.h"

#include <array>
#include <charconv>
#include <cmath>

namespace reeld::config {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
// Binary units first, largest first: printing takes the first that divides.
constexpr std::array<Unit, 9> Units = {{{"TiB", 1ULL << 40},
                                        {"GiB", 1ULL << 30},
                                        {"MiB", 1ULL << 20},
                                        {"KiB", 1ULL << 10},
                                        {"TB", 1'000'000'000'000},
                                        {"GB", 1'000'000'000},
                                        {"MB", 1'000'000},
                                        {"kB", 1'000},
                                        {"B", 1}}};

template <class Number>
std::optional<Number> parseNumber(std::string_view text) {
  Number number{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<std::int64_t> parseWhole(std::string_view text) {
  return parseNumber<std::int64_t>(text);
}

std::optional<double> parseReal(std::string_view text) {
  const auto number = parseNumber<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::string printReal(double number) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

std::optional<std::uint64_t> parseBytes(std::string_view text) {
  std::uint64_t unit = 1;
  for (const auto& known : Units) {
    if (text.ends_with(known.name)) {
      unit = known.bytes;
      text.remove_suffix(known.name.size());
      break;
    }
  }
  while (text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  const auto number = parseReal(text);
  if (!number || *number < 0) {
    return std::nullopt;
  }
  const double bytes = *number * static_cast<double>(unit);
  if (bytes >= 9.2e18 || bytes != std::floor(bytes)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(bytes);
}

std::string printBytes(std::uint64_t bytes) {
  for (const auto& unit : Units) {
    if (bytes >= unit.bytes && bytes % unit.bytes == 0 && unit.bytes > 1) {
      return std::to_string(bytes / unit.bytes) + std::string(unit.name);
    }
  }
  return std::to_string(bytes);
}

std::optional<FreeSpace> parseFreeSpace(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = parseReal(text.substr(0, text.size() - 1));
    if (!percent || *percent < 0 || *percent >= 100) {
      return std::nullopt;
    }
    return FreeSpace{.bytes = 0, .percent = *percent};
  }
  const auto bytes = parseBytes(text);
  return bytes ? std::optional(FreeSpace{.bytes = *bytes, .percent = 0}) : std::nullopt;
}

std::string printFreeSpace(const FreeSpace& space) {
  return space.percent > 0 ? printReal(space.percent) + "%" : printBytes(space.bytes);
}

}  // namespace reeld::config
