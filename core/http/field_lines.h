// Header fields as the lines they are sent in, kept in one text that never grows beyond what it was
// given: what interceptors set, without an allocation.
#pragma once
#include <string>
#include <string_view>

namespace reeld::http {

/// A field that may be sent, and is not one that only the server itself sets (framing, content
/// type, CORS, cookies).
bool maySetField(std::string_view name, std::string_view value) noexcept;

/// Sets a field, in place of an earlier one of that name. False, and nothing changed: it may not be
/// set, or there is no room for it within the capacity of `lines`.
bool setFieldLine(std::string& lines, std::string_view name, std::string_view value) noexcept;

/// Whether the lines have a field of that name, in any case.
bool hasFieldLine(std::string_view lines, std::string_view name) noexcept;

}  // namespace reeld::http
