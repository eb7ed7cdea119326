// A migrated database with the services of users/ over it, for the tests of this folder and those
// above.
#pragma once
#include "base/token.h"
#include "db/migrate.h"
#include "fakes/fake_provider.h"
#include "fakes/fixed_clock.h"
#include "unit/db/engines.h"
#include "users/directory.h"
#include "users/passwords.h"
#include "users/registration.h"
#include "users/sessions.h"
#include "users/sign_in.h"
#include "users/throttle.h"
#include "users/viewer_cache.h"

namespace reeld::test {

inline const std::string SiteSecret(32, 'k');

struct Site {
  explicit Site(db::Dialect dialect, std::vector<users::IdentityProvider*> providers = {},
                users::ThrottleLimits limits = {0, 0, 0})
      : sandbox(dialect), database(migrated(sandbox)), throttle(clock, limits) {
    if (providers.empty()) {
      providers.push_back(&password);
    }
    passwords = std::make_unique<users::Passwords>(*database, clock, providers, sessions, throttle);
    registration = std::make_unique<users::Registration>(*database, clock, *passwords, throttle);
    sign_in = std::make_unique<users::SignIn>(*database, clock, sandbox.log, providers, sessions,
                                              throttle, stand_in);
    database->listen(db::News::Access, [this] { viewers.forget(); });
  }
  ~Site() { database->listen(db::News::Access, {}); }

  static std::unique_ptr<db::Database> migrated(Sandbox& sandbox) {
    auto database = sandbox.open();
    db::migrate(*database, db::MigrateMode::Auto, sandbox.log);
    return database;
  }
  users::UserId add(const std::string& email, users::Role role = users::Role::Viewer) {
    return registration->add(email, Secret("correct horse"), role);
  }
  users::SessionTokens signIn(const std::string& email, const std::string& secret = "correct horse",
                              users::Carrier carrier = users::Carrier::Bearer) {
    return sign_in->byPassword(email, Secret(secret), {"192.0.2.1", "a test"}, carrier);
  }
  /// A viewer without the detour of signing in.
  users::Viewer viewer(const std::string& email, users::Role role) {
    return {.user_id = add(email, role), .role = role, .session_id = {}, .token_id = {}};
  }
  /// The same with a session.
  users::Viewer signedIn(const std::string& email, users::Role role = users::Role::Viewer) {
    users::Viewer made = viewer(email, role);
    made.session_id = signIn(email).session_id;
    return made;
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
  users::Sessions sessions{*database, clock, sandbox.log, signer, refresh_tokens, {}};
  users::ViewerCache viewers{*database, clock};
  users::Throttle throttle;
  users::StandIn stand_in{*database, SiteSecret};
  users::Directory directory{*database, sessions};
  std::unique_ptr<users::Passwords> passwords;
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
