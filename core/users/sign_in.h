// Signing in with an address and a password: the providers in order, then a session and its two
// tokens. Every refusal is the same: unknown address, wrong password, deactivated user. For an
// address without a record the same hash is computed over a dummy, so that time tells nothing
// either.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/token.h"
#include "db/database.h"
#include "users/identity_provider.h"
#include "users/refresh_token.h"
#include "users/user.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

struct SignInOptions {
  std::chrono::milliseconds access_life = std::chrono::minutes(15);
  std::chrono::milliseconds session_idle_life = std::chrono::days(7);
};

struct SignedIn {
  UserId user_id = 0;
  std::string access_token;
  std::string refresh_token;
  std::int64_t expires_in_seconds = 0;
};

class SignIn {
 public:
  /// Everything outlives this; the providers are in the configured order.
  SignIn(db::Database& database, const Clock& clock, const Log& log, const TokenSigner& signer,
         const RefreshTokens& refresh_tokens, std::vector<IdentityProvider*> providers,
         SignInOptions options);

  /// Throws UNAUTHENTICATED (reason invalid-credentials). `peer` is the client's address, for
  /// providers.
  SignedIn byPassword(std::string_view email, const Secret& password, std::string_view peer);

 private:
  struct Proof {
    std::optional<UserId> user_id;     ///< of a record kept here
    std::optional<Identity> identity;  ///< of a provider that keeps its own
    const IdentityProvider* provider = nullptr;
    std::optional<std::string> new_record;
  };
  std::optional<Proof> prove(std::string_view email, const Secret& password, std::string_view peer);
  std::string recordOrDummy(IdentityProvider& provider, const std::optional<std::string>& record);
  std::optional<User> userOf(db::Session& session, const Proof& proof, EpochMs now);

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  const TokenSigner& signer_;
  const RefreshTokens& refresh_tokens_;
  std::vector<IdentityProvider*> providers_;
  SignInOptions options_;
  Guarded<std::map<std::string, std::string>> dummies_;  ///< by provider
};

}  // namespace reeld::users
