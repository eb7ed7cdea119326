#include "base/crypto.h"

#include "base/error.h"

#include <sodium.h>

#include <algorithm>

namespace reeld {

namespace {
const unsigned char* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}
constexpr int Variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
}  // namespace

void initCrypto() {
  if (sodium_init() < 0) {
    throw Error(ErrorCode::Internal, "libsodium cannot start: no source of randomness");
  }
}

void randomBytes(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

std::string randomBytes(std::size_t count) {
  std::string out(count, '\0');
  randombytes_buf(out.data(), count);
  return out;
}

std::string randomToken(std::size_t bytes_count) { return toBase64Url(randomBytes(bytes_count)); }

bool equalInConstantTime(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string toHex(std::span<const std::uint8_t> data) {
  std::string out(data.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), data.data(), data.size());
  out.pop_back();
  return out;
}

std::string toBase64Url(std::string_view data) {
  std::string out(sodium_base64_ENCODED_LEN(data.size(), Variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes(data), data.size(), Variant);
  out.pop_back();
  return out;
}

std::ptrdiff_t fromBase64Url(std::string_view text, std::span<std::uint8_t> out) noexcept {
  // libsodium's decoder takes every byte above 127 for '_'.
  if (std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; })) {
    return -1;
  }
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        Variant) != 0 ||
      end != text.data() + text.size()) {
    return -1;
  }
  return static_cast<std::ptrdiff_t>(size);
}

std::optional<std::string> fromBase64Url(std::string_view text) {
  std::string out(text.size() * 3 / 4 + 1, '\0');
  const auto size =
      fromBase64Url(text, std::span(reinterpret_cast<std::uint8_t*>(out.data()), out.size()));
  if (size < 0) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace reeld
