// Times as clients write and read them (RFC 3339).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace audit_trail {

/// Epoch ms of "2026-11-29" or "2026-11-29T10:00:00Z", with fractions or an offset; nothing for
/// what is no time.
std::optional<std::int64_t> timeMs(std::string_view text);

/// "2026-11-20T10:00:00.000Z"
std::string printedTime(std::int64_t ms);

}  // namespace audit_trail
