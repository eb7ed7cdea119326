#include "users/password.h"

#include "base/utf8.h"

namespace reeld::users {

std::string_view passwordFault(std::string_view password) noexcept {
  if (password.find('\0') != std::string_view::npos) {
    return "must not contain NUL";
  }
  const auto length = utf8Length(password);
  if (!length) {
    return "must be UTF-8";
  }
  if (*length < 8) {
    return "must have at least 8 characters";
  }
  if (*length > 128) {
    return "must have at most 128 characters";
  }
  return {};
}

}  // namespace reeld::users
