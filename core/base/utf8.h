// UTF-8 as the edge must check it (RFC 3629): no overlong forms, no surrogates, nothing above
// U+10FFFF.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace reeld {

/// The number of code points, or nothing if this is not UTF-8.
std::optional<std::size_t> utf8Length(std::string_view text) noexcept;

}  // namespace reeld
