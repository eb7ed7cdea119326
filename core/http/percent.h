// Percent-decoding (RFC 3986) of paths, queries and forms; the result is UTF-8 without NUL. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace reeld::http {

/// A path, decoded: nothing for a bad escape, invalid UTF-8, NUL, or an encoded slash (which would
/// let a path mean one thing to a proxy and another to the router).
std::optional<std::string> decodePath(std::string_view path);

/// A query or form component, '+' is a space: nothing for a bad escape, invalid UTF-8 or NUL.
std::optional<std::string> decodeComponent(std::string_view component);

}  // namespace reeld::http
