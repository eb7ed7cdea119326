// Parameters of a header value: form-data; name="title"; filename="a\"b" (RFC 9110, section 5.6.6).
// Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace reeld::http {

/// What stands before the first ';', trimmed, in lower case.
std::string headerWord(std::string_view value);

/// A parameter, unquoted; nothing if it is missing or malformed. Names are compared without case.
std::optional<std::string> headerParameter(std::string_view value, std::string_view lower_name);

}  // namespace reeld::http
