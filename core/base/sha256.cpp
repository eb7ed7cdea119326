// The one-message functions of libcrypto are used because a grant is checked on every segment: they
// take the processor's SHA instructions, which libsodium does not, and
// neither allocate nor look up a provider, as EVP does for every message.
#define OPENSSL_API_COMPAT 0x10100000L  // since 3.0 they are marked deprecated in favour of EVP
#include "base/sha256.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace reeld {

namespace {
static_assert(sizeof(SHA256_CTX) == Sha256::StateSize);
static_assert(std::tuple_size_v<Digest> == SHA256_DIGEST_LENGTH);

using Block = std::array<std::uint8_t, SHA256_CBLOCK>;

SHA256_CTX& context(std::array<std::uint8_t, Sha256::StateSize>& state) noexcept {
  return *reinterpret_cast<SHA256_CTX*>(state.data());
}

/// The key, filled up to a block, with every byte combined with `pad`.
Sha256 padded(const Block& key, std::uint8_t pad) noexcept {
  Block block = key;
  for (auto& byte : block) {
    byte ^= pad;
  }
  Sha256 hash;
  hash.update({reinterpret_cast<const char*>(block.data()), block.size()});
  return hash;
}

Block blockOf(std::string_view key) noexcept {
  Block block{};
  if (key.size() > block.size()) {
    const Digest digest = sha256(key);
    std::copy(digest.begin(), digest.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  return block;
}
}  // namespace

Sha256::Sha256() noexcept { SHA256_Init(&context(state_)); }

void Sha256::update(std::string_view piece) noexcept {
  SHA256_Update(&context(state_), piece.data(), piece.size());
}

Digest Sha256::finish() noexcept {
  Digest digest;
  SHA256_Final(digest.data(), &context(state_));
  return digest;
}

Digest sha256(std::string_view data) noexcept {
  Sha256 hash;
  hash.update(data);
  return hash.finish();
}

HmacKey::HmacKey(std::string_view key) noexcept
    : inner_(padded(blockOf(key), 0x36)), outer_(padded(blockOf(key), 0x5c)) {}

Digest HmacKey::mac(std::string_view data) const noexcept {
  Sha256 inner = inner_;
  inner.update(data);
  Sha256 outer = outer_;
  outer.update(bytesOf(inner.finish()));
  return outer.finish();
}

HmacKey HmacKey::derived(std::string_view purpose) const noexcept {
  return HmacKey(bytesOf(mac(purpose)));
}

}  // namespace reeld
