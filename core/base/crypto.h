// Randomness, hashes, constant-time comparison and the two text forms of bytes. libsodium behind
// crypto.cpp.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reeld {

using Digest = std::array<std::uint8_t, 32>;

/// Must run once before anything else here, first thing in main; throws if no randomness is to be
/// had.
void initCrypto();

void randomBytes(std::span<std::uint8_t> out);
std::string randomBytes(std::size_t count);
/// `bytes` of randomness as base64url: for request ids, tokens, lease tokens.
std::string randomToken(std::size_t bytes);

Digest sha256(std::string_view data);

/// The same of what comes in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view piece);
  Digest finish();  ///< once

 private:
  // The size of crypto_hash_sha256_state, as in HmacKey.
  alignas(16) std::array<std::uint8_t, 104> state_{};
};

bool equalInConstantTime(std::string_view a, std::string_view b) noexcept;

std::string toHex(std::span<const std::uint8_t> bytes);
/// Base64url without padding (RFC 4648, section 5).
std::string toBase64Url(std::string_view bytes);
/// Nothing for a wrong character, padding, or unused bits that are not zero.
std::optional<std::string> fromBase64Url(std::string_view text);
/// The same into a buffer, without allocation; the number of bytes, or -1.
std::ptrdiff_t fromBase64Url(std::string_view text, std::span<std::uint8_t> out) noexcept;

/// HMAC-SHA256 (RFC 2104) keyed once: mac() copies the prepared state, so it is [hot].
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  Digest mac(std::string_view data) const noexcept;

 private:
  // The size of crypto_auth_hmacsha256_state; crypto.cpp asserts it. Keeps sodium.h out of this
  // header.
  alignas(16) std::array<std::uint8_t, 208> state_{};
};

}  // namespace reeld
