#include "users/sessions.h"

#include "base/crypto.h"
#include "base/error.h"
#include "base/utf8.h"
#include "users/revocation_repository.h"

#include <algorithm>

namespace reeld::users {

namespace {

constexpr std::size_t LongestUserAgent = 200;

[[noreturn]] void refuse(const char* reason, const char* sentence) {
  throw Error(ErrorCode::Unauthenticated, sentence).reason(reason);
}

/// A header as it can be kept: nothing of one that is no text.
std::string keptUserAgent(std::string_view given) {
  given = given.substr(0, LongestUserAgent);
  // The cut may have gone through a character.
  while (!given.empty() && !utf8Length(given)) {
    given.remove_suffix(1);
  }
  return std::string(given);
}

}  // namespace

Sessions::Sessions(db::Database& database, const Clock& clock, const Log& log,
                   const TokenSigner& signer, const RefreshTokens& refresh_tokens,
                   SessionOptions options)
    : database_(database),
      clock_(clock),
      log_(log),
      signer_(signer),
      refresh_tokens_(refresh_tokens),
      options_(options) {}

SignInSession Sessions::open(db::Session& session, UserId user_id, const Client& client) const {
  const EpochMs now = clock_.now();
  deleteExpiredSessions(session, user_id, now);
  SignInSession sign_in{.id = randomToken(SessionIdBytes),
                        .user_id = user_id,
                        .generation = 0,
                        .rotated_at = session.now(),
                        .created_at = now,
                        .expires_at = now + options_.idle_life.count(),
                        .user_agent = keptUserAgent(client.user_agent),
                        .address = client.address};
  insertSession(session, sign_in);
  return sign_in;
}

SessionTokens Sessions::tokens(const SignInSession& sign_in, Carrier carrier) const {
  const EpochMs now = clock_.now();
  const auto life =
      carrier == Carrier::Cookies ? options_.cookie_access_life : options_.access_life;
  const EpochMs expires = std::min(now + life.count(), sign_in.expires_at);
  Json claims;
  claims.set("sub", std::to_string(sign_in.user_id));
  claims.set("sid", sign_in.id);
  return {
      .user_id = sign_in.user_id,
      .session_id = sign_in.id,
      .access_token = signer_.sign(TokenPurpose::Access, std::move(claims), now, expires),
      .refresh_token = refresh_tokens_.issue(
          {.session_id = sign_in.id, .generation = static_cast<std::uint32_t>(sign_in.generation)}),
      .access_seconds = (expires - now) / 1000,
      .refresh_seconds = (sign_in.expires_at - now) / 1000};
}

SessionTokens Sessions::rotate(std::string_view refresh_token, Carrier carrier) {
  const auto token = refresh_tokens_.read(refresh_token);
  if (!token) {
    refuse("refresh-invalid", "this is no refresh token of this site: sign in again");
  }
  const Rotation rotation =
      database_.transact([&](db::Session& session) { return rotateIn(session, *token); });
  if (rotation.use != Use::Good) {
    log_.warning(rotation.use == Use::Reused
                     ? "security: a refresh token was used twice; its session has ended"
                     : "security: a refresh token was used twice, and the clock was set back "
                       "since; its session goes on",
                 {{"user", rotation.sign_in->user_id}, {"generation", token->generation}});
    refuse("refresh-reused", "this refresh token was used before: sign in again");
  }
  if (!rotation.sign_in) {
    refuse("session-ended", "this session has ended: sign in again");
  }
  return tokens(*rotation.sign_in, carrier);
}

Sessions::Rotation Sessions::rotateIn(db::Session& session,
                                      const RefreshTokens::Content& token) const {
  const EpochMs now = clock_.now();
  Rotation rotation{.sign_in = findSession(session, token.session_id, now), .use = Use::Good};
  if (!rotation.sign_in) {
    return rotation;
  }
  SignInSession& sign_in = *rotation.sign_in;
  // By the database's clock: the two tabs may have met two daemons.
  const EpochMs database_now = session.now();
  if (sign_in.generation == token.generation) {
    ++sign_in.generation;
    sign_in.rotated_at = database_now;
    sign_in.expires_at = std::min(now + options_.idle_life.count(),
                                  sign_in.created_at + options_.whole_life.count());
    saveRotation(session, sign_in);
    return rotation;
  }
  const EpochMs age = database_now - sign_in.rotated_at;
  if (sign_in.generation == std::int64_t{token.generation} + 1 && age <= GraceMs) {
    // Less than none: the clock was set back. Given again, the token would be good for as long as
    // that; ended, a session would be lost by whoever has two tabs open in that moment.
    rotation.use = age >= 0 ? Use::Good : Use::Undated;
    return rotation;
  }
  rotation.use = Use::Reused;
  endIn(session, sign_in.user_id, sign_in.id);
  return rotation;
}

bool Sessions::end(UserId user_id, const std::string& session_id) {
  return database_.transact(
      [&](db::Session& session) { return endIn(session, user_id, session_id); });
}

bool Sessions::endByRefresh(std::string_view refresh_token) {
  const auto token = refresh_tokens_.read(refresh_token);
  return token && database_.transact([&](db::Session& session) {
    const auto sign_in = findSession(session, token->session_id, clock_.now());
    return sign_in && endIn(session, sign_in->user_id, sign_in->id);
  });
}

std::size_t Sessions::endAll(UserId user_id, const std::string& keep) {
  return database_.transact([&](db::Session& session) { return endAllIn(session, user_id, keep); });
}

std::size_t Sessions::endAllIn(db::Session& session, UserId user_id,
                               const std::string& keep) const {
  const auto ended = endSessions(session, user_id, keep, clock_.now());
  // One by one and not by user: what the user is granted in his next session stays good even if the
  // clock steps back before it.
  for (const auto& id : ended) {
    revokeGrants(session, std::nullopt, id);
  }
  return ended.size();
}

bool Sessions::endIn(db::Session& session, UserId user_id, const std::string& id) const {
  const bool ended = endSession(session, user_id, id, clock_.now());
  if (ended) {
    revokeGrants(session, std::nullopt, id);
  }
  return ended;
}

void Sessions::shutOutIn(db::Session& session, UserId user_id) const {
  endAllIn(session, user_id);
  revokeGrants(session, user_id, std::nullopt);
}

void Sessions::endGrantsIn(db::Session& session, UserId user_id) const {
  revokeGrants(session, user_id, std::nullopt);
}

void Sessions::revokeGrants(db::Session& session, std::optional<UserId> user_id,
                            std::optional<std::string> session_id) const {
  const EpochMs now = clock_.now();
  revoke(session, {.user_id = user_id,
                   .session_id = std::move(session_id),
                   .video_id = std::nullopt,
                   .revoked_at = now,
                   .expires_at = now + options_.grant_life.count()});
}

Sessions::Page Sessions::list(UserId user_id, std::int64_t skip, std::int64_t limit) {
  const EpochMs now = clock_.now();
  return database_.read([&](db::Session& session) {
    return Page{.sessions = listSessions(session, user_id, now, skip, limit),
                .total = countSessions(session, user_id, now)};
  });
}

}  // namespace reeld::users
