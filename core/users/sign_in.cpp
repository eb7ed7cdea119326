#include "users/sign_in.h"

#include "base/crypto.h"
#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/credential_repository.h"
#include "users/email.h"
#include "users/session_repository.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {

// Longer ones exist nowhere (users/password.h), and hashing them would be work for nothing.
constexpr std::size_t LongestPassword = 128 * 4;

[[noreturn]] void refuse() {
  throw Error(ErrorCode::Unauthenticated, "wrong e-mail address or password")
      .reason("invalid-credentials");
}

}  // namespace

SignIn::SignIn(db::Database& database, const Clock& clock, const Log& log,
               const TokenSigner& signer, const RefreshTokens& refresh_tokens,
               std::vector<IdentityProvider*> providers, SignInOptions options)
    : database_(database),
      clock_(clock),
      log_(log),
      signer_(signer),
      refresh_tokens_(refresh_tokens),
      providers_(std::move(providers)),
      options_(options) {}

std::string SignIn::recordOrDummy(IdentityProvider& provider,
                                  const std::optional<std::string>& record) {
  // The dummy is made at the provider's first use whether it is needed or not: otherwise the first
  // unknown address would be answered late.
  auto dummy = dummies_.with([&](auto& dummies) -> std::optional<std::string> {
    const auto found = dummies.find(provider.name());
    return found == dummies.end() ? std::nullopt : std::optional(found->second);
  });
  if (!dummy) {
    dummy = provider.enroll(randomToken(24));
    dummies_.with([&](auto& dummies) { dummies.emplace(provider.name(), *dummy); });
  }
  return record.value_or(*dummy);
}

std::optional<SignIn::Proof> SignIn::prove(std::string_view email, const Secret& password,
                                           std::string_view peer) {
  const auto user =
      database_.read([&](db::Session& session) { return findUserByEmail(session, email); });
  for (IdentityProvider* provider : providers_) {
    if (!provider->keepsRecords()) {
      auto answer = provider->authenticate("password", email, password.reveal(), peer);
      if (answer.verdict == Verdict::Ok) {
        return Proof{.user_id = std::nullopt,
                     .identity = std::move(answer.identity),
                     .provider = provider,
                     .new_record = std::nullopt};
      }
      if (answer.verdict == Verdict::Denied) {
        return std::nullopt;
      }
      continue;
    }
    std::optional<std::string> record;
    if (user) {
      record = database_.read([&](db::Session& session) {
        return findCredential(session, user->id, provider->name());
      });
    }
    auto answer = provider->verify(recordOrDummy(*provider, record), password.reveal());
    if (!record || answer.verdict == Verdict::Defer) {
      continue;
    }
    if (answer.verdict == Verdict::Denied) {
      return std::nullopt;
    }
    return Proof{.user_id = user->id,
                 .identity = std::nullopt,
                 .provider = provider,
                 .new_record = std::move(answer.new_record)};
  }
  return std::nullopt;
}

std::optional<User> SignIn::userOf(db::Session& session, const Proof& proof, EpochMs now) {
  if (proof.user_id) {
    return findUser(session, *proof.user_id);
  }
  const Identity& identity = *proof.identity;
  // An unverified address could name anybody, also an administrator.
  if (!identity.email_verified || !emailFault(identity.email).empty()) {
    log_.warning("a provider vouched for a user without a verified e-mail address; refused",
                 {{"provider", proof.provider->name()}});
    return std::nullopt;
  }
  if (const auto id = insertUser(session, identity.email, Role::Viewer, now)) {
    JsonWriter json;
    json.beginObject().member("user_id", *id).member("role", word(Role::Viewer)).endObject();
    db::record(session, {.type = "user.registered",
                         .user_id = *id,
                         .subject = "user:" + std::to_string(*id),
                         .json = json.take()});
  }
  return findUserByEmail(session, identity.email);
}

SignedIn SignIn::byPassword(std::string_view email, const Secret& password, std::string_view peer) {
  if (password.reveal().size() > LongestPassword ||
      password.reveal().find('\0') != std::string_view::npos || !emailFault(email).empty()) {
    refuse();
  }
  const auto proof = prove(email, password, peer);
  if (!proof) {
    refuse();
  }
  const EpochMs now = clock_.now();
  const std::string session_id = randomToken(SessionIdBytes);
  const auto user_id = database_.transact([&](db::Session& session) -> std::optional<UserId> {
    const auto user = userOf(session, *proof, now);
    if (!user || !user->is_active) {
      return std::nullopt;
    }
    if (proof->new_record) {
      putCredential(session, user->id, proof->provider->name(), *proof->new_record, now);
    }
    insertSession(session, {.id = session_id,
                            .user_id = user->id,
                            .generation = 0,
                            .created_at = now,
                            .expires_at = now + options_.session_idle_life.count()});
    return user->id;
  });
  if (!user_id) {
    refuse();
  }
  Json claims;
  claims.set("sub", std::to_string(*user_id));
  claims.set("sid", session_id);
  return {.user_id = *user_id,
          .access_token = signer_.sign(TokenPurpose::Access, std::move(claims), now,
                                       now + options_.access_life.count()),
          .refresh_token = refresh_tokens_.issue({.session_id = session_id, .generation = 0}),
          .expires_in_seconds = options_.access_life.count() / 1000};
}

}  // namespace reeld::users
