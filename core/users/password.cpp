#include "users/password.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "users/email.h"
#include "users/guessed_passwords.h"

namespace reeld::users {

std::string_view passwordFault(std::string_view given, std::string_view email) {
  const std::string password = composed(given);
  if (password.find('\0') != std::string_view::npos) {
    return "must not contain NUL";
  }
  const auto length = utf8Length(password);
  if (!length) {
    return "must be UTF-8";
  }
  if (trimmed(password).size() != password.size()) {
    return "must not begin or end with white space";
  }
  if (*length < 8) {
    return "must have at least 8 characters";
  }
  if (*length > 128) {
    return "must have at most 128 characters";
  }
  const std::string folded = emailKey(password);
  if (isGuessedFirst(folded)) {
    return "is one of those that are tried first";
  }
  const std::string address = emailKey(email);
  if (!address.empty() && (folded == address || folded == address.substr(0, address.find('@')))) {
    return "must not be the e-mail address";
  }
  return {};
}

}  // namespace reeld::users
