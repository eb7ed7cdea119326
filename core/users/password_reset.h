// A new password for whoever comes with a link that was mailed for it: good for an hour and for one
// use. It ends every session of the user. The link has come to his mailbox, so it also proves what
// the one for activation would have proved; it does not undo a deactivation.
#pragma once
#include "base/secret.h"
#include "db/database.h"
#include "users/passwords.h"
#include "users/user.h"

#include <optional>
#include <string_view>

namespace reeld::users {

class PasswordReset {
 public:
  /// Both outlive this.
  PasswordReset(db::Database& database, Passwords& passwords);

  /// Whose link it is, if it is good now; spends nothing.
  std::optional<User> find(std::string_view uid, std::string_view token);
  /// Whether confirm() is worth its hash: false if the link is not good. Throws INVALID (pointer
  /// /new_password). Cheap.
  bool admit(std::string_view uid, std::string_view token, const Secret& password);
  /// Spends the link and sets the password, both or neither; false if the link is not good (any
  /// more). Throws INVALID (pointer /new_password), and what Passwords::enroll() throws. Burns CPU:
  /// Hash lane.
  bool confirm(std::string_view uid, std::string_view token, const Secret& password);

 private:
  /// Whose link it is, once the password is one for him.
  std::optional<User> admitted(std::string_view uid, std::string_view token,
                               const Secret& password);

  db::Database& database_;
  Passwords& passwords_;
};

}  // namespace reeld::users
