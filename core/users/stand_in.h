// What a password is held against when nobody has the address, so that time does not tell: the
// record of some user, always the same one for the same address. Records are not all alike (those
// that were brought from another system cost more until their owners have signed in), and so an
// unknown address costs what a known one may cost.
#pragma once
#include "base/crypto.h"
#include "base/guarded.h"
#include "db/database.h"
#include "users/identity_provider.h"

#include <map>
#include <string>
#include <string_view>

namespace reeld::users {

class StandIn {
 public:
  /// The site's secret, from which the choice of users is derived: nobody can work it out. Both
  /// outlive this.
  StandIn(db::Database& database, std::string_view secret);

  /// Once per provider this makes a record; call it for known addresses too, or the first unknown
  /// one would be answered late.
  void prepare(IdentityProvider& provider);
  /// After prepare(): a record of some user, or the prepared one where there is none. As much work
  /// as finding a user's own.
  std::string recordFor(const IdentityProvider& provider, std::string_view email);

 private:
  db::Database& database_;
  const HmacKey key_;
  Guarded<std::map<std::string, std::string>> prepared_;  ///< by provider
};

}  // namespace reeld::users
