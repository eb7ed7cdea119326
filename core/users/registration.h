// New users with a password. Of N concurrent registrations of one address exactly one succeeds; the
// rest, and every later one, are CONFLICT. The first provider that keeps records hashes the
// password, before the transaction, so that no lock is held while it computes.
#pragma once
#include "base/clock.h"
#include "base/secret.h"
#include "db/database.h"
#include "users/identity_provider.h"
#include "users/user.h"

#include <string_view>
#include <vector>

namespace reeld::users {

class Registration {
 public:
  /// The providers in the configured order; all outlive this.
  Registration(db::Database& database, const Clock& clock,
               std::vector<IdentityProvider*> providers);

  /// Throws INVALID with pointers /email and /password, CONFLICT for a taken address, UNSUPPORTED
  /// if no provider keeps records, UNAVAILABLE if the one that might is missing. Burns CPU: Hash
  /// lane. The API registers viewers only; an administrator's tools may name another role.
  UserId add(std::string_view email, const Secret& password, Role role = Role::Viewer);
  /// Why nobody can register until the daemon is started anew; empty = they can.
  std::string missing() const;

 private:
  IdentityProvider* recordKeeper() const;

  db::Database& database_;
  const Clock& clock_;
  std::vector<IdentityProvider*> providers_;
};

}  // namespace reeld::users
