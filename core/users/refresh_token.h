// Refresh tokens: session id ‖ generation ‖ HMAC, base64url. The database keeps the session's
// generation, so a token that was rotated away is known for what it is.
#pragma once
#include "base/crypto.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::users {

inline constexpr std::size_t SessionIdBytes = 16;

class RefreshTokens {
 public:
  /// The site's secret; the key of these tokens is derived from it.
  explicit RefreshTokens(std::string_view secret);

  struct Content {
    std::string session_id;
    std::uint32_t generation = 0;
    bool operator==(const Content&) const = default;
  };
  /// `session_id` is base64url of SessionIdBytes bytes.
  std::string issue(const Content& content) const;
  /// Nothing for a token we did not issue.
  std::optional<Content> read(std::string_view token) const;

 private:
  HmacKey key_;
};

}  // namespace reeld::users
