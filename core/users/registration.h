// New users with a password. Of N concurrent registrations of one address exactly one succeeds; the
// rest, and every later one, are CONFLICT. The password is hashed before the transaction, so that
// no lock is held while that computes.
#pragma once
#include "base/clock.h"
#include "base/secret.h"
#include "db/database.h"
#include "users/activation.h"
#include "users/passwords.h"
#include "users/sessions.h"
#include "users/setup_secret.h"
#include "users/throttle.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld::users {

class Registration {
 public:
  /// Everything outlives this.
  Registration(db::Database& database, const Clock& clock, Passwords& passwords,
               Throttle& throttle);

  /// Whether what follows is worth its hash, asked once for each: false for a taken address. Throws
  /// INVALID with pointers /email and /password, and EXHAUSTED (reason too-many-attempts). Cheap.
  bool admit(std::string_view email, const Secret& password, const Client& client);
  /// By anybody who was admitted, as a viewer; nothing for a taken address. With `activation` the
  /// user has to follow a mailed link first. Throws what add() throws but CONFLICT. Hash lane.
  std::optional<UserId> signUp(std::string_view email, const Secret& password,
                               Activation* activation);
  /// The first administrator, by whoever was admitted and knows the site's setup secret, which is
  /// spent by it; nothing for a taken address. Of N at once one succeeds. Throws what signUp()
  /// throws, and DENIED (reason setup-secret) for a wrong secret or once there is an active
  /// administrator. Hash lane.
  std::optional<UserId> setUp(std::string_view email, const Secret& password, SetupSecret& secret,
                              std::string_view given);
  /// By an administrator's tools. Throws INVALID with pointers /email and /password, CONFLICT for a
  /// taken address, UNSUPPORTED if no provider keeps records, UNAVAILABLE if the one that might is
  /// missing. Burns CPU: Hash lane.
  UserId add(std::string_view email, const Secret& password, Role role = Role::Viewer);
  /// Why nobody can register until the daemon is started anew; empty = they can.
  std::string missing() const { return passwords_.missing(); }

 private:
  /// What must hold, or be done, in the transaction that makes the user.
  struct Terms {
    Activation* activation = nullptr;
    bool first_admin = false;
    bool by_anybody = false;  ///< whose address it is nobody has looked at
  };
  bool isTaken(std::string_view email);
  std::optional<UserId> insert(std::string_view email, const Secret& password, Role role,
                               const Terms& terms);

  db::Database& database_;
  const Clock& clock_;
  Passwords& passwords_;
  Throttle& throttle_;
};

}  // namespace reeld::users
