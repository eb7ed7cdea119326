// The text forms of amounts in the configuration: "20GiB", "5%".
#pragma once
#include "config/settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::config {

/// "1048576", "512KiB", "20GiB", "1.5TiB", and decimal "500MB"; nothing for anything else, for what
/// is no whole number of bytes or does not fit into 63 bits.
std::optional<std::uint64_t> parseBytes(std::string_view text);
/// The largest unit that leaves a whole number.
std::string printBytes(std::uint64_t bytes);

/// "5%" (0 to 100) or an amount of bytes.
std::optional<FreeSpace> parseFreeSpace(std::string_view text);
std::string printFreeSpace(const FreeSpace& space);

/// A decimal number and nothing else.
std::optional<double> parseReal(std::string_view text);
std::optional<std::int64_t> parseWhole(std::string_view text);
std::string printReal(double number);

}  // namespace reeld::config
