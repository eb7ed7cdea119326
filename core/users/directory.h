// The list of users and their roles. The last active administrator cannot be demoted.
#pragma once
#include "db/database.h"
#include "users/user.h"

#include <optional>
#include <string_view>
#include <vector>

namespace reeld::users {

class Directory {
 public:
  explicit Directory(db::Database& database);

  struct Page {
    std::vector<User> users;  ///< newest first
    std::int64_t total = 0;
  };
  Page list(std::int64_t skip, std::int64_t limit);
  std::optional<User> find(UserId id);
  std::optional<User> findByEmail(std::string_view email);
  /// Acts on the user's very next request. `by` is who did it, nothing for the administrator's
  /// tool. Throws NOT_FOUND, and CONFLICT (reason last-admin).
  User changeRole(UserId id, Role role, std::optional<UserId> by);
  bool hasActiveAdmin();

 private:
  db::Database& database_;
};

}  // namespace reeld::users
