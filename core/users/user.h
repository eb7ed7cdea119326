// People as values: a user, a role, and the viewer who is asking. Nothing here reads the database.
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::users {

using UserId = std::int64_t;

enum class Role { Admin, Creator, Viewer };  ///< from the highest to the lowest

/// "ADMIN": the word in the database, in the API and in reeldctl. Case matters.
std::string_view word(Role role) noexcept;
std::optional<Role> parseRole(std::string_view word) noexcept;
/// Whether it may less than the other.
bool isBelow(Role role, Role other) noexcept;

struct User {
  UserId id = 0;
  std::string email;  ///< as typed at registration
  std::string name;
  Role role = Role::Viewer;
  bool is_active = true;           ///< an administrator may switch it off
  bool awaits_activation = false;  ///< has not yet followed the link that was mailed
  EpochMs created_at = 0;

  /// Once he has proved who he is.
  bool maySignIn() const noexcept { return is_active && !awaits_activation; }
};

/// Who is asking: a user whose state and role were read for this very request.
struct Viewer {
  UserId user_id = 0;
  Role role = Role::Viewer;
  std::string session_id;
  std::string token_id;
};

}  // namespace reeld::users
