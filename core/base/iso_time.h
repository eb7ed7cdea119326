// Reading times as databases and people write them (ISO 8601, RFC 3339, PostgreSQL's output).
#pragma once
#include "base/clock.h"

#include <optional>
#include <string_view>

namespace reeld {

/// "2026-11-20", "2026-11-20T09:33:09.546437", "2026-11-20 09:33:09+01", "...Z", "...+05:30".
/// Without a zone it is UTC; beyond milliseconds it is cut off. Nothing for anything else.
std::optional<EpochMs> parseIsoTime(std::string_view text) noexcept;

}  // namespace reeld
