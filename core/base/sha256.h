// SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104). libcrypto behind sha256.cpp.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reeld {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view data) noexcept;

/// As long as the digest lives.
inline std::string_view bytesOf(const Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The same of what comes in pieces.
class Sha256 {
 public:
  Sha256() noexcept;
  void update(std::string_view piece) noexcept;
  Digest finish() noexcept;  ///< once

  /// The size of SHA256_CTX; sha256.cpp asserts it. Keeps openssl/sha.h out of this header.
  static constexpr std::size_t StateSize = 112;

 private:
  alignas(16) std::array<std::uint8_t, StateSize> state_;
};

/// HMAC-SHA256 keyed once: mac() goes on from copies of the two prepared states, so it is [hot].
class HmacKey {
 public:
  explicit HmacKey(std::string_view key) noexcept;
  Digest mac(std::string_view data) const noexcept;
  /// A key for this purpose alone: what is signed under it verifies under no other.
  HmacKey derived(std::string_view purpose) const noexcept;

 private:
  Sha256 inner_;
  Sha256 outer_;
};

}  // namespace reeld
