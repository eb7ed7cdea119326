// Randomness, hashes, constant-time comparison and the two text forms of bytes. libsodium behind
// crypto.cpp, hashes in sha256.h.
#pragma once
#include "base/sha256.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reeld {

/// Must run once before anything else here, first thing in main; throws if no randomness is to be
/// had.
void initCrypto();

void randomBytes(std::span<std::uint8_t> out);
std::string randomBytes(std::size_t count);
/// `bytes` of randomness as base64url: for request ids, tokens, lease tokens.
std::string randomToken(std::size_t bytes);

bool equalInConstantTime(std::string_view a, std::string_view b) noexcept;

std::string toHex(std::span<const std::uint8_t> bytes);
/// Base64url without padding (RFC 4648, section 5).
std::string toBase64Url(std::string_view bytes);
/// Nothing for a wrong character, padding, or unused bits that are not zero.
std::optional<std::string> fromBase64Url(std::string_view text);
/// The same into a buffer, without allocation; the number of bytes, or -1.
std::ptrdiff_t fromBase64Url(std::string_view text, std::span<std::uint8_t> out) noexcept;

}  // namespace reeld
