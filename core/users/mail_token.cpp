#include "users/mail_token.h"

#include <array>
#include <charconv>
#include <utility>

namespace reeld::users {

namespace {

constexpr std::size_t IdBytes = 16;

constexpr std::array<std::pair<MailPurpose, std::string_view>, 3> PurposeWords = {
    {{MailPurpose::Activation, "activation"},
     {MailPurpose::PasswordReset, "password-reset"},
     {MailPurpose::Trial, "trial"}}};

}  // namespace

std::string_view word(MailPurpose purpose) noexcept {
  for (const auto& [candidate, text] : PurposeWords) {
    if (candidate == purpose) {
      return text;
    }
  }
  return "unknown";
}

std::optional<MailPurpose> parseMailPurpose(std::string_view word) noexcept {
  for (const auto& [purpose, text] : PurposeWords) {
    if (text == word) {
      return purpose;
    }
  }
  return std::nullopt;
}

std::chrono::milliseconds lifeOf(MailPurpose purpose) noexcept {
  return purpose == MailPurpose::Activation ? std::chrono::hours(24) : std::chrono::hours(1);
}

MailTokens::MailTokens(std::string_view secret)
    : key_(HmacKey(secret).derived("reeld mail token 1")) {}

std::string MailTokens::newId() { return randomToken(IdBytes); }

std::string MailTokens::derive(MailPurpose purpose, UserId user, std::string_view id) const {
  // Neither words nor decimals contain a slash, so no two triples are the same text.
  std::string content(word(purpose));
  content.append("/").append(std::to_string(user)).append("/").append(id);
  return toBase64Url(bytesOf(key_.mac(content)));
}

std::string MailTokens::hash(std::string_view token) { return toHex(sha256(token)); }

std::string mailUid(UserId user) { return toBase64Url(std::to_string(user)); }

std::optional<UserId> parseMailUid(std::string_view uid) {
  const auto digits = fromBase64Url(uid);
  UserId user = 0;
  if (!digits ||
      std::from_chars(digits->data(), digits->data() + digits->size(), user).ec != std::errc() ||
      user < 1 || mailUid(user) != uid) {
    return std::nullopt;
  }
  return user;
}

}  // namespace reeld::users
