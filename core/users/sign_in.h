// Signing in with an address and a password: the providers in order, then a session and its two
// tokens. Every refusal is the same: unknown address, wrong password, a user who is
// deactivated or has not activated yet. For an address without a record a hash is computed over
// another's (users/stand_in.h), so that time tells nothing either; the throttle counts both alike.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "db/database.h"
#include "users/identity_provider.h"
#include "users/sessions.h"
#include "users/stand_in.h"
#include "users/throttle.h"
#include "users/user.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

class SignIn {
 public:
  /// Everything outlives this; the providers are in the configured order.
  SignIn(db::Database& database, const Clock& clock, const Log& log,
         std::vector<IdentityProvider*> providers, Sessions& sessions, Throttle& throttle,
         StandIn& stand_in);

  /// From now on reeld_auth_attempts_total counts what came of each attempt.
  void countIn(Metrics& metrics);

  /// Before an attempt waits for its hash: throws EXHAUSTED (reason too-many-attempts) for whoever
  /// has to wait. Cheap.
  void admit(std::string_view email, const Client& client);
  /// Nothing for a refusal. Throws what admit() throws: others may have failed since, or are
  /// being looked at. Burns CPU: Hash lane.
  std::optional<SessionTokens> tryPassword(std::string_view email, const Secret& password,
                                           const Client& client, Carrier carrier);
  /// The same; a refusal is UNAUTHENTICATED (reason invalid-credentials).
  SessionTokens byPassword(std::string_view email, const Secret& password, const Client& client,
                           Carrier carrier = Carrier::Bearer);

 private:
  struct Proof {
    std::optional<UserId> user_id;     ///< of a record kept here
    std::string record;                ///< that record
    std::optional<Identity> identity;  ///< of a provider that keeps its own
    const IdentityProvider* provider = nullptr;
    std::optional<std::string> new_record;
  };
  std::optional<SignInSession> attempt(std::string_view email, const Secret& password,
                                       const Client& client);
  std::optional<Proof> prove(std::string_view email, const Secret& password, std::string_view peer);
  std::optional<User> userOf(db::Session& session, const Proof& proof, EpochMs now);
  /// For whom a provider vouches now, and who registered without showing that the address is his:
  /// that may have been a stranger, so his password, sessions and links end.
  void takeOver(db::Session& session, User& user);
  std::optional<SignInSession> open(db::Session& session, const Proof& proof, const Client& client);

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  std::vector<IdentityProvider*> providers_;
  Sessions& sessions_;
  Throttle& throttle_;
  StandIn& stand_in_;
  /// Of attempts that were let in, refused, or not looked at; none before countIn().
  struct Counters {
    Counter* ok = nullptr;
    Counter* refused = nullptr;
    Counter* throttled = nullptr;
  };
  Counters counters_;
};

}  // namespace reeld::users
