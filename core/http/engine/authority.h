// host[:port] as it may stand in a Host header or an absolute request target (RFC 3986,
// section 3.2), without user information. Pure.
#pragma once
#include <string_view>

namespace reeld::http::engine {

bool isAuthority(std::string_view text) noexcept;

}  // namespace reeld::http::engine
