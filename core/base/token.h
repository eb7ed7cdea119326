// Our API tokens: JWT with HS256 (RFC 7519, RFC 8725, RFC 9068). Signed with Poco JWT, verified
// here: three parts, the exact header bytes we write, HMAC over the exact bytes, constant time,
// canonical base64url, then `typ iss aud exp`. A token of one purpose is refused for every other.
#pragma once
#include "base/clock.h"
#include "base/json.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// What a token is for; becomes `typ` in the header and `aud` in the payload.
enum class TokenPurpose { Access, Play };

enum class TokenVerdict { Ok, Malformed, Forged, WrongPurpose, Expired };

struct VerifiedToken {
  TokenVerdict verdict = TokenVerdict::Malformed;
  Json claims;  ///< filled when the verdict is Ok or Expired
};

class TokenSigner {
 public:
  /// The secret has at least 32 bytes; each purpose gets a key of its own, derived from it.
  explicit TokenSigner(std::string_view secret);
  ~TokenSigner();
  TokenSigner(const TokenSigner&) = delete;
  TokenSigner& operator=(const TokenSigner&) = delete;

  /// `claims` is an object without iss, aud, iat, exp and jti; they are added here (seconds).
  std::string sign(TokenPurpose purpose, Json claims, EpochMs now, EpochMs expires) const;
  /// Any thread, CPU only.
  VerifiedToken verify(TokenPurpose purpose, std::string_view token, EpochMs now) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace reeld
