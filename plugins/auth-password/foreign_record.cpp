#include "foreign_record.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <crypt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <memory>
#include <new>
#include <string>

namespace auth_password {

namespace {

bool isCryptText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '/';
  });
}

/// "$2b$12$" and 53 characters: 22 of salt, 31 of hash. Beyond cost 15 one sign-in takes seconds.
bool isBcrypt(std::string_view record) {
  constexpr std::size_t Size = 60;
  constexpr std::size_t Head = 7;
  const bool known =
      record.starts_with("$2a$") || record.starts_with("$2b$") || record.starts_with("$2y$");
  if (!known || record.size() != Size || record[Head - 1] != '$' ||
      !isCryptText(record.substr(Head))) {
    return false;
  }
  const std::string_view text = record.substr(4, 2);
  int cost = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), cost);
  return number.ec == std::errc() && number.ptr == text.data() + text.size() && cost >= 4 &&
         cost <= 15;
}

ForeignVerdict verifyBcrypt(const std::string& record, const std::string& secret) {
  const auto work = std::make_unique<crypt_data>();  // 32 KiB, zero as crypt_r wants it
  const char* made = crypt_rn(secret.c_str(), record.c_str(), work.get(), sizeof *work);
  const bool same = made != nullptr && std::string_view(made).size() == record.size() &&
                    CRYPTO_memcmp(made, record.data(), record.size()) == 0;
  sodium_memzero(work.get(), sizeof *work);
  constexpr std::size_t Seen = 72;
  return !same                  ? ForeignVerdict::Mismatch
         : secret.size() > Seen ? ForeignVerdict::PartMatch
                                : ForeignVerdict::Match;
}

/// pbkdf2_sha256$<iterations>$<salt>$<base64 of 32 bytes>
struct DjangoRecord {
  int iterations = 0;
  std::string_view salt;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
};

bool readDjango(std::string_view record, DjangoRecord& out) {
  constexpr std::string_view Name = "pbkdf2_sha256$";
  constexpr int MostIterations = 5'000'000;
  if (!record.starts_with(Name)) {
    return false;
  }
  record.remove_prefix(Name.size());
  const char* const end = record.data() + record.size();
  const auto number = std::from_chars(record.data(), end, out.iterations);
  if (number.ec != std::errc() || number.ptr == end || *number.ptr != '$' || out.iterations < 1 ||
      out.iterations > MostIterations) {
    return false;
  }
  record.remove_prefix(static_cast<std::size_t>(number.ptr - record.data()) + 1);
  const auto dollar = record.find('$');
  if (dollar == std::string_view::npos || dollar == 0) {
    return false;
  }
  out.salt = record.substr(0, dollar);
  const std::string_view text = record.substr(dollar + 1);
  std::size_t size = 0;
  const char* stopped = nullptr;
  return sodium_base642bin(out.hash.data(), out.hash.size(), text.data(), text.size(), nullptr,
                           &size, &stopped, sodium_base64_VARIANT_ORIGINAL) == 0 &&
         stopped == text.data() + text.size() && size == out.hash.size();
}

ForeignVerdict verifyDjango(const DjangoRecord& record, std::string_view secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> made{};
  if (PKCS5_PBKDF2_HMAC(secret.data(), static_cast<int>(secret.size()),
                        reinterpret_cast<const unsigned char*>(record.salt.data()),
                        static_cast<int>(record.salt.size()), record.iterations, EVP_sha256(),
                        static_cast<int>(made.size()), made.data()) != 1) {
    throw std::bad_alloc();  // nothing else is left to fail
  }
  return CRYPTO_memcmp(made.data(), record.hash.data(), made.size()) == 0
             ? ForeignVerdict::Match
             : ForeignVerdict::Mismatch;
}

}  // namespace

bool isForeign(std::string_view record) {
  DjangoRecord django;
  return isBcrypt(record) || readDjango(record, django);
}

ForeignVerdict verifyForeign(std::string_view record, std::string_view secret) {
  if (isBcrypt(record)) {
    return verifyBcrypt(std::string(record), std::string(secret));
  }
  DjangoRecord django;
  return readDjango(record, django) ? verifyDjango(django, secret) : ForeignVerdict::NotOurs;
}

}  // namespace auth_password
