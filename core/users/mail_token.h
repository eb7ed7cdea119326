// What the link in a mail carries: for one purpose, one user, one use. The row has a random id and
// the token's hash; the token is made again from the id and the site's secret whenever the mail is
// sent, so neither the database nor the mail queue ever holds it. Pure; the rows are elsewhere.
#pragma once
#include "base/crypto.h"
#include "users/user.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::users {

/// What a mail is for. A trial carries no token: an administrator looks whether mail arrives.
enum class MailPurpose { Activation, PasswordReset, Trial };

/// "password-reset": the word in the database, in logs and in reeldctl.
std::string_view word(MailPurpose purpose) noexcept;
std::optional<MailPurpose> parseMailPurpose(std::string_view word) noexcept;

/// How long a link is good: 24 h to activate, 1 h to reset, counted from its creation and again
/// from each time its mail is handed over, so that a mail server that is down costs nobody a link.
std::chrono::milliseconds lifeOf(MailPurpose purpose) noexcept;

class MailTokens {
 public:
  /// The site's secret; the key of these tokens is derived from it.
  explicit MailTokens(std::string_view secret);

  /// For a new row of mail_tokens.
  static std::string newId();
  /// The token of a row: 43 characters of base64url. The same arguments give the same token; any
  /// other purpose, user or id gives another. Any thread.
  std::string derive(MailPurpose purpose, UserId user, std::string_view id) const;
  /// What mail_tokens.token_hash holds: SHA-256 in hex. Who comes with a token is believed iff a
  /// row of this hash, the expected purpose and user is unused and not expired.
  static std::string hash(std::string_view token);

 private:
  HmacKey key_;
};

/// The user in a link's `uid`: base64url of the decimal id, without padding.
std::string mailUid(UserId user);
/// Nothing for what mailUid() does not write.
std::optional<UserId> parseMailUid(std::string_view uid);

}  // namespace reeld::users
