// The list of users, their roles and whether they may come in. What changes here acts on the user's
// very next request. The last active administrator cannot be demoted, deactivated or deleted.
#pragma once
#include "db/database.h"
#include "users/sessions.h"
#include "users/user.h"

#include <optional>
#include <string_view>
#include <vector>

namespace reeld::users {

class Directory {
 public:
  /// Both outlive this.
  Directory(db::Database& database, Sessions& sessions);

  struct Page {
    std::vector<User> users;  ///< newest first
    std::int64_t total = 0;
  };
  Page list(std::int64_t skip, std::int64_t limit);
  std::optional<User> find(UserId id);
  std::optional<User> findByEmail(std::string_view email);
  // Who did it is `by`, nothing for the administrator's tool. Each throws NOT_FOUND, and CONFLICT
  // (reason last-admin).
  /// A lower role ends what was granted under the higher one, and no session.
  User changeRole(UserId id, Role role, std::optional<UserId> by);
  /// A deactivated user cannot sign in, and what he was signed in to has ended. One who is
  /// activated needs no mailed link any more.
  User setActive(UserId id, bool active, std::optional<UserId> by);
  /// For good: the address is free again and the row keeps nothing that says who it was. What he
  /// made stays.
  void remove(UserId id, std::optional<UserId> by);
  bool hasActiveAdmin();

 private:
  db::Database& database_;
  Sessions& sessions_;
};

}  // namespace reeld::users
