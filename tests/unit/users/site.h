// A migrated database with the services of users/ over it, for the tests of this folder and those
// above.
#pragma once
#include "base/token.h"
#include "db/migrate.h"
#include "fakes/fake_provider.h"
#include "fakes/fixed_clock.h"
#include "unit/db/engines.h"
#include "users/directory.h"
#include "users/registration.h"
#include "users/sign_in.h"

namespace reeld::test {

inline const std::string SiteSecret(32, 'k');

struct Site {
  explicit Site(db::Dialect dialect, std::vector<users::IdentityProvider*> providers = {})
      : sandbox(dialect), database(sandbox.open()) {
    db::migrate(*database, db::MigrateMode::Auto, sandbox.log);
    if (providers.empty()) {
      providers.push_back(&password);
    }
    registration = std::make_unique<users::Registration>(*database, clock, providers);
    sign_in = std::make_unique<users::SignIn>(*database, clock, sandbox.log, signer, refresh_tokens,
                                              providers, users::SignInOptions{});
  }

  users::UserId add(const std::string& email, users::Role role = users::Role::Viewer) {
    return registration->add(email, Secret("correct horse"), role);
  }
  /// A viewer without the detour of signing in.
  users::Viewer viewer(const std::string& email, users::Role role) {
    return {.user_id = add(email, role), .role = role, .session_id = {}, .token_id = {}};
  }
  std::int64_t count(const std::string& sql) {
    return database->read(
        [&](db::Session& session) { return session.queryText(sql, {}).at(0).integer(0); });
  }
  void run(const std::string& sql) {
    database->transact([&](db::Session& session) { session.queryText(sql, {}); });
  }

  Sandbox sandbox;
  FixedClock clock;
  FakeRecordKeeper password;
  TokenSigner signer{SiteSecret};
  users::RefreshTokens refresh_tokens{SiteSecret};
  std::unique_ptr<db::Database> database;
  users::Directory directory{*database};
  std::unique_ptr<users::Registration> registration;
  std::unique_ptr<users::SignIn> sign_in;
};

/// The finer word of the Error that body throws; "" if it throws none.
template <class Body>
std::string reasonOf(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.reason();
  }
  return "";
}

}  // namespace reeld::test
