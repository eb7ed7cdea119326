// The life of a sign-in: two tokens when it begins, new ones at every refresh, its end. A refresh
// token is good once. Whoever shows one that was spent ends the session, because then two hold it;
// only within ten seconds of the rotation he gets the current one again (two tabs of a browser).
// While the clock stands before the rotation, because it was set back, nobody can tell a tab from a
// thief: a spent token is refused, and the session goes on.
// Ending a session revokes the grants given in it.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/token.h"
#include "db/database.h"
#include "users/refresh_token.h"
#include "users/session_repository.h"
#include "users/user.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

/// How a client carries its access token; a browser's cookie lives longer.
enum class Carrier { Bearer, Cookies };

/// Who is at the other end; for the list of sessions, providers and the throttle.
struct Client {
  std::string address;
  std::string user_agent;
};

struct SessionOptions {
  std::chrono::milliseconds access_life = std::chrono::minutes(15);
  std::chrono::milliseconds cookie_access_life = std::chrono::minutes(30);
  std::chrono::milliseconds idle_life = std::chrono::days(7);  ///< since the last refresh
  std::chrono::milliseconds whole_life = std::chrono::days(30);
  std::chrono::milliseconds grant_life = std::chrono::hours(50);  ///< the longest of any grant
};

struct SessionTokens {
  UserId user_id = 0;
  std::string session_id;
  std::string access_token;
  std::string refresh_token;
  std::int64_t access_seconds = 0;   ///< until the access token expires
  std::int64_t refresh_seconds = 0;  ///< until the session does, if it is not refreshed
};

class Sessions {
 public:
  /// Milliseconds after a rotation in which the token before it gives the current one again.
  static constexpr std::int64_t GraceMs = 10'000;

  /// Everything outlives this.
  Sessions(db::Database& database, const Clock& clock, const Log& log, const TokenSigner& signer,
           const RefreshTokens& refresh_tokens, SessionOptions options);

  /// A new session, in the transaction that found the user good.
  SignInSession open(db::Session& session, UserId user_id, const Client& client) const;
  /// The tokens of a session as it is; CPU only.
  SessionTokens tokens(const SignInSession& sign_in, Carrier carrier) const;

  /// New tokens for a refresh token. Throws UNAUTHENTICATED: refresh-invalid for what is none of
  /// ours, session-ended, refresh-reused (the session has ended now, unless the clock was set back
  /// behind the rotation).
  SessionTokens rotate(std::string_view refresh_token, Carrier carrier);

  /// Signs out of one session; false if the user has none of that id that goes on.
  bool end(UserId user_id, const std::string& session_id);
  /// The same for whoever holds a refresh token of it, spent or not; false if it is none of ours or
  /// its session has ended.
  bool endByRefresh(std::string_view refresh_token);
  /// Signs out everywhere but in `keep` (which may be ""); how many sessions that ended.
  std::size_t endAll(UserId user_id, const std::string& keep = {});
  /// The same in a transaction of the caller's.
  std::size_t endAllIn(db::Session& session, UserId user_id, const std::string& keep = {}) const;
  /// Besides that, whatever was granted to the user before is void: for one who may not come back.
  void shutOutIn(db::Session& session, UserId user_id) const;
  /// What the user was granted to watch so far is void; he stays signed in and asks again.
  void endGrantsIn(db::Session& session, UserId user_id) const;

  struct Page {
    std::vector<SignInSession> sessions;  ///< newest first
    std::int64_t total = 0;
  };
  Page list(UserId user_id, std::int64_t skip, std::int64_t limit);

 private:
  /// What became of a refresh token: it was the current one or is within the grace; it was spent,
  /// and that ended the session; it was spent, nobody knows when.
  enum class Use { Good, Reused, Undated };
  struct Rotation {
    std::optional<SignInSession> sign_in;  ///< nothing if it had ended before
    Use use = Use::Good;
  };
  Rotation rotateIn(db::Session& session, const RefreshTokens::Content& token) const;
  bool endIn(db::Session& session, UserId user_id, const std::string& id) const;
  void revokeGrants(db::Session& session, std::optional<UserId> user_id,
                    std::optional<std::string> session_id) const;

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  const TokenSigner& signer_;
  const RefreshTokens& refresh_tokens_;
  SessionOptions options_;
};

}  // namespace reeld::users
