// What a password is held against when nobody has the address, so that time does not tell: the
// record of some user, always the same one for the same address. Records are not all alike (those
// that were brought from another system cost more until their owners have signed in), and so an
// unknown address costs what a known one may cost. All records stand in, early and late ones: if
// some kind never did, whoever is held against it would be known. And whoever registers moves next
// to none of the addresses: if all moved, the one that costs the same as before would be known.
#pragma once
#include "base/crypto.h"
#include "base/guarded.h"
#include "db/database.h"
#include "users/identity_provider.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace reeld::users {

/// One of `count` places from 0, for a point of the whole range; `count` is positive. One place
/// more takes points from one of the others and moves no other point (linear hashing).
std::int64_t placeAmong(std::int64_t count, std::uint64_t point) noexcept;

class StandIn {
 public:
  /// The site's secret, from which the choice of users is derived: nobody can work it out. Both
  /// outlive this.
  StandIn(db::Database& database, std::string_view secret);

  /// Looks how many records there are, and once per provider makes one; call it for known addresses
  /// too, or it would be what tells them apart.
  void prepare(IdentityProvider& provider);
  /// After prepare(): a record of some user, or the prepared one where there is none. As much work
  /// as finding a user's own.
  std::string recordFor(const IdentityProvider& provider, std::string_view email);

 private:
  db::Database& database_;
  const HmacKey key_;
  Guarded<std::map<std::string, std::string>> prepared_;  ///< by provider
  std::atomic<std::int64_t> last_{0};                     ///< the highest id of a record
};

}  // namespace reeld::users
