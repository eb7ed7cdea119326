// Users who are moved here from another system, with the records of their passwords: they sign in
// with what they know, and their records are then made anew. Nobody who is here is changed, so an
// import can be run again, also after one that was broken off.
#pragma once
#include "base/clock.h"
#include "db/database.h"
#include "users/identity_provider.h"
#include "users/imported_user.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

class UserImport {
 public:
  /// The providers in the configured order; all outlive this.
  UserImport(db::Database& database, const Clock& clock, std::vector<IdentityProvider*> providers);

  /// What is wrong with these users as a whole, or with a record: an address that another line has
  /// too, a record that no provider knows. Throws UNAVAILABLE if a provider is missing.
  std::vector<ImportFault> faultsOf(std::span<const ImportedUser> users) const;

  /// Makes those that are not here, in one transaction; true for each that was made. Of one address
  /// it makes one, whoever else registers it meanwhile.
  std::vector<bool> add(std::span<const ImportedUser> users);
  /// What add() would answer now.
  std::vector<bool> wouldAdd(std::span<const ImportedUser> users);

 private:
  /// The provider that knows the form of a record; nullptr if none does.
  IdentityProvider* keeperOf(const std::string& record) const;
  bool insert(db::Session& session, const ImportedUser& user);

  db::Database& database_;
  const Clock& clock_;
  std::vector<IdentityProvider*> providers_;
};

}  // namespace reeld::users
