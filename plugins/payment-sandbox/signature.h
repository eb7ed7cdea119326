// How a webhook is signed: "t=<seconds>,v1=<hex>" with HMAC-SHA256 over "<seconds>.<raw body>".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace payment_sandbox {

inline constexpr std::string_view SignatureHeader = "sandbox-signature";
inline constexpr std::int64_t ToleranceSeconds = 300;

std::string signatureOf(std::string_view secret, std::int64_t at_seconds, std::string_view body);
/// In constant time; false for anything that is not signed, or not within the tolerance of now.
bool verifies(std::string_view secret, std::string_view header, std::string_view body,
              std::int64_t now_seconds);

}  // namespace payment_sandbox
