// The one-message functions are taken because verification computes one MAC per record: they use
// the processor's SHA instructions without a look-up or an allocation per message.
#include "mac.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace audit_trail {

namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
constexpr std::size_t MacBytes = 24;
static_assert(MacBytes / 3 * 4 == MacKey::TextSize);

SHA256_CTX padded(std::string_view key, unsigned char pad) noexcept {
  std::array<unsigned char, SHA256_CBLOCK> block{};
  for (std::size_t i = 0; i < block.size(); ++i) {
    block[i] = static_cast<unsigned char>((i < key.size() ? key[i] : 0) ^ pad);
  }
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, block.data(), block.size());
  return context;
}

std::string base64Url(const Digest& digest) {
  constexpr std::string_view Letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve(MacKey::TextSize);
  for (std::size_t i = 0; i < MacBytes; i += 3) {
    const std::uint32_t three = static_cast<std::uint32_t>(digest[i]) << 16 |
                                static_cast<std::uint32_t>(digest[i + 1]) << 8 | digest[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) {
      text += Letters[three >> shift & 63];
    }
  }
  return text;
}

}  // namespace

MacKey::MacKey(std::string_view key) noexcept
    : inner_(padded(key, 0x36)), outer_(padded(key, 0x5c)) {
  constexpr std::size_t NameSize = 12;
  name_ = mac("the name of this key").substr(0, NameSize);
}

std::string MacKey::mac(std::string_view data) const {
  Digest digest;
  SHA256_CTX inner = inner_;
  SHA256_Update(&inner, data.data(), data.size());
  SHA256_Final(digest.data(), &inner);
  SHA256_CTX outer = outer_;
  SHA256_Update(&outer, digest.data(), digest.size());
  SHA256_Final(digest.data(), &outer);
  return base64Url(digest);
}

Fields& Fields::add(std::string_view text) {
  std::array<char, 20> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), text.size());
  bytes_.append(size.data(), end.ptr).append(1, ':').append(text).append(1, ',');
  return *this;
}

Fields& Fields::add(std::int64_t number) {
  std::array<char, 20> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return add(std::string_view(text.data(), static_cast<std::size_t>(end.ptr - text.data())));
}

Fields& Fields::addNothing() {
  bytes_.append("-,");
  return *this;
}

}  // namespace audit_trail
