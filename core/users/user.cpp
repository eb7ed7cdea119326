#include "users/user.h"

#include <array>
#include <utility>

namespace reeld::users {

namespace {
constexpr std::array<std::pair<Role, std::string_view>, 3> RoleWords = {
    {{Role::Admin, "ADMIN"}, {Role::Creator, "CREATOR"}, {Role::Viewer, "VIEWER"}}};
}

std::string_view word(Role role) noexcept {
  for (const auto& [candidate, text] : RoleWords) {
    if (candidate == role) {
      return text;
    }
  }
  return "VIEWER";
}

std::optional<Role> parseRole(std::string_view word) noexcept {
  for (const auto& [role, text] : RoleWords) {
    if (text == word) {
      return role;
    }
  }
  return std::nullopt;
}

bool isBelow(Role role, Role other) noexcept {
  return role > other;  // they are declared from the highest to the lowest
}

}  // namespace reeld::users
