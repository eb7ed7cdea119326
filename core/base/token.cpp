#include "base/token.h"

#include "base/crypto.h"
#include "base/error.h"

#include <Poco/Crypto/OpenSSLInitializer.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>

#include <array>

namespace reeld {

namespace {

constexpr std::string_view Issuer = "reeld";
constexpr std::size_t MaxTokenSize = 8192;

struct PurposeWords {
  const char* type;
  const char* audience;
  const char* key_label;
};

constexpr std::array<PurposeWords, 2> Purposes = {{
    {"at+jwt", "reeld-api", "reeld access token key 1"},
    {"play+jwt", "reeld-play", "reeld play token key 1"},
}};

const PurposeWords& wordsOf(TokenPurpose purpose) {
  return Purposes.at(static_cast<std::size_t>(purpose));
}

Poco::Dynamic::Var toVar(const Json& value) {
  if (value.isString()) {
    return value.text();
  }
  if (value.isBool()) {
    return value.boolean();
  }
  return static_cast<Poco::Int64>(value.integer());
}

/// The three parts of a token, or nothing: four-part tokens and empty parts are refused here.
struct Parts {
  std::string_view header, payload, signature, signed_bytes;
};
std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > MaxTokenSize || second == std::string_view::npos || first == 0 ||
      second == first + 1 || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

bool claimIs(const Json& claims, std::string_view name, std::string_view expected) {
  const Json* claim = claims.find(name);
  return claim != nullptr && claim->isString() && claim->text() == expected;
}

/// Poco sets OpenSSL up for the first of its engines and tears it down behind the last, and no lock
/// is between: threads that sign at once may find what another has freed
/// (github.com/pocoproject/poco/issues/1739). One that is held to the end of the process is never
/// last.
void keepOpenSsl() { static const Poco::Crypto::OpenSSLInitializer held; }

}  // namespace

struct TokenSigner::Keys {
  struct Key {
    std::string secret;
    HmacKey hmac;
    std::string header;  ///< the only header bytes that are accepted, base64url
  };
  std::vector<Key> all;
};

TokenSigner::TokenSigner(std::string_view secret) : keys_(std::make_unique<Keys>()) {
  if (secret.size() < 32) {
    throw Error(ErrorCode::Invalid, "the token secret needs at least 32 bytes");
  }
  keepOpenSsl();
  const HmacKey root(secret);
  for (const auto& words : Purposes) {
    const std::string key(bytesOf(root.mac(words.key_label)));
    keys_->all.push_back({key, HmacKey(key), {}});
  }
  for (const auto purpose : {TokenPurpose::Access, TokenPurpose::Play}) {
    const std::string sample = sign(purpose, Json(Json::Object()), 0, 0);
    keys_->all[static_cast<std::size_t>(purpose)].header = sample.substr(0, sample.find('.'));
  }
}

TokenSigner::~TokenSigner() = default;

std::string TokenSigner::sign(TokenPurpose purpose, Json claims, EpochMs now,
                              EpochMs expires) const {
  const auto& words = wordsOf(purpose);
  claims.set("iss", Issuer);
  claims.set("aud", words.audience);
  claims.set("iat", now / 1000);
  claims.set("exp", expires / 1000);
  if (claims.find("jti") == nullptr) {
    claims.set("jti", randomToken(16));
  }
  Poco::JWT::Token token;
  token.setType(words.type);
  for (const auto& [name, value] : claims.object()) {
    token.payload().set(name, toVar(value));
  }
  Poco::JWT::Signer signer(keys_->all.at(static_cast<std::size_t>(purpose)).secret);
  return signer.sign(token, Poco::JWT::Signer::ALGO_HS256);
}

VerifiedToken TokenSigner::verify(TokenPurpose purpose, std::string_view token, EpochMs now) const {
  const auto parts = split(token);
  if (!parts) {
    return {};
  }
  const auto& key = keys_->all.at(static_cast<std::size_t>(purpose));
  if (parts->header != key.header) {
    // A header of ours for another purpose is worth its own word; anything else is not ours at all.
    for (const auto& other : keys_->all) {
      if (parts->header == other.header) {
        return {TokenVerdict::WrongPurpose, {}};
      }
    }
    return {};
  }
  std::array<std::uint8_t, 32> signature{};
  if (fromBase64Url(parts->signature, signature) != static_cast<std::ptrdiff_t>(signature.size())) {
    return {};
  }
  const Digest expected = key.hmac.mac(parts->signed_bytes);
  if (!equalInConstantTime({reinterpret_cast<const char*>(signature.data()), signature.size()},
                           {reinterpret_cast<const char*>(expected.data()), expected.size()})) {
    return {TokenVerdict::Forged, {}};
  }
  const auto payload = fromBase64Url(parts->payload);
  if (!payload) {
    return {};
  }
  VerifiedToken result;
  try {
    result.claims = Json::parse(*payload);
  } catch (const Error&) {
    return {};
  }
  const Json* expires = result.claims.find("exp");
  if (!claimIs(result.claims, "iss", Issuer) ||
      !claimIs(result.claims, "aud", wordsOf(purpose).audience) || expires == nullptr ||
      !expires->isInteger()) {
    return {TokenVerdict::WrongPurpose, {}};
  }
  result.verdict = expires->integer() * 1000 > now ? TokenVerdict::Ok : TokenVerdict::Expired;
  return result;
}

}  // namespace reeld
