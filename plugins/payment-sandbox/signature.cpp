#include "signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>

namespace payment_sandbox {

namespace {

std::string hexMac(std::string_view secret, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  constexpr std::string_view Digits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += Digits[mac[i] >> 4U];
    hex += Digits[mac[i] & 15U];
  }
  return hex;
}

}  // namespace

std::string signatureOf(std::string_view secret, std::int64_t at_seconds, std::string_view body) {
  const std::string time = std::to_string(at_seconds);
  return "t=" + time + ",v1=" + hexMac(secret, time + "." + std::string(body));
}

bool verifies(std::string_view secret, std::string_view header, std::string_view body,
              std::int64_t now_seconds) {
  if (!header.starts_with("t=")) {
    return false;
  }
  std::int64_t at = 0;
  const char* const end = header.data() + header.size();
  const auto read = std::from_chars(header.data() + 2, end, at);
  if (read.ec != std::errc() || at > now_seconds + ToleranceSeconds ||
      at < now_seconds - ToleranceSeconds) {
    return false;
  }
  const std::string right = signatureOf(secret, at, body);
  return right.size() == header.size() &&
         CRYPTO_memcmp(right.data(), header.data(), right.size()) == 0;
}

}  // namespace payment_sandbox
