#include "base/crypto.h"

#include "base/error.h"

#include <sodium.h>

#include <array>

namespace reeld {

namespace {
const unsigned char* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}
constexpr int Variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

// What is read here is what somebody sent and knows, checked by its MAC afterwards: nothing is to
// be hidden from him, so a table will do. libsodium's decoder in constant time took as long as the
// HMAC of a token, twice.
constexpr std::uint8_t NoDigit = 64;
constexpr std::string_view Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::array<std::uint8_t, 256> Digits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(NoDigit);
  for (std::size_t i = 0; i < Alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(Alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();
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
  const std::size_t rest = text.size() % 4;
  const std::size_t size = text.size() / 4 * 3 + (rest == 0 ? 0 : rest - 1);
  if (rest == 1 || size > out.size()) {
    return -1;
  }
  std::uint32_t wrong = 0;  // any bit beyond the six of a digit
  const auto digit = [&](std::size_t at) {
    const std::uint32_t value = Digits[static_cast<unsigned char>(text[at])];
    wrong |= value & ~63U;
    return value & 63U;
  };
  std::size_t at = 0;
  auto* byte = out.data();
  for (; at + 4 <= text.size(); at += 4) {
    const std::uint32_t bits =
        digit(at) << 18 | digit(at + 1) << 12 | digit(at + 2) << 6 | digit(at + 3);
    *byte++ = static_cast<std::uint8_t>(bits >> 16);
    *byte++ = static_cast<std::uint8_t>(bits >> 8);
    *byte++ = static_cast<std::uint8_t>(bits);
  }
  if (rest > 0) {
    const std::uint32_t bits =
        digit(at) << 18 | digit(at + 1) << 12 | (rest == 3 ? digit(at + 2) << 6 : 0);
    *byte++ = static_cast<std::uint8_t>(bits >> 16);
    if (rest == 3) {
      *byte++ = static_cast<std::uint8_t>(bits >> 8);
    }
    wrong |= bits & (rest == 3 ? 0xffU : 0xffffU);  // bits that belong to no byte
  }
  return wrong == 0 ? static_cast<std::ptrdiff_t>(size) : -1;
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
