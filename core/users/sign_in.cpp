#include "users/sign_in.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/activation.h"
#include "users/credential_repository.h"
#include "users/email.h"
#include "users/mail_token_repository.h"
#include "users/password_check.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {

// Of 128 characters (users/password.h), each taken apart into at most four of at most four bytes,
// and as much white space around them. Longer ones exist nowhere, and hashing them would be work
// for nothing.
constexpr std::size_t LongestPassword = 2 * 128 * 4 * 4;

void count(Counter* counter) {
  if (counter != nullptr) {
    counter->add();
  }
}

/// Asks the throttle, and counts its refusal.
template <class Ask>
void askCounting(Counter* throttled, Ask&& ask) {
  try {
    ask();
  } catch (const Error&) {
    count(throttled);
    throw;
  }
}

}  // namespace

SignIn::SignIn(db::Database& database, const Clock& clock, const Log& log,
               std::vector<IdentityProvider*> providers, Sessions& sessions, Throttle& throttle,
               StandIn& stand_in)
    : database_(database),
      clock_(clock),
      log_(log),
      providers_(std::move(providers)),
      sessions_(sessions),
      throttle_(throttle),
      stand_in_(stand_in) {}

std::optional<SignIn::Proof> SignIn::prove(std::string_view email, const Secret& password,
                                           std::string_view peer) {
  const auto user =
      database_.readOne([&](db::Session& session) { return findUserByEmail(session, email); });
  bool is_denied = false;
  for (IdentityProvider* provider : providers_) {
    if (!provider->keepsRecords()) {
      if (is_denied) {
        continue;
      }
      IdentityProvider::Answer answer;
      for (const Secret& reading : readingsOf(password)) {
        answer = provider->authenticate("password", email, reading.reveal(), peer);
        if (answer.verdict != Verdict::Denied) {
          break;
        }
      }
      if (answer.verdict == Verdict::Ok) {
        return Proof{.user_id = std::nullopt,
                     .record = {},
                     .identity = std::move(answer.identity),
                     .provider = provider,
                     .new_record = std::nullopt};
      }
      is_denied = answer.verdict == Verdict::Denied;
      continue;
    }
    stand_in_.prepare(*provider);
    std::optional<std::string> record;
    if (user) {
      record = database_.readOne([&](db::Session& session) {
        return findCredential(session, user->id, provider->name());
      });
    }
    // Whom a provider before has denied pays for the hash that a stranger pays for: otherwise time
    // would tell who is on its list.
    auto answer = checkPassword(
        *provider, record && !is_denied ? *record : stand_in_.recordFor(*provider, email),
        password);
    if (is_denied || !record || answer.verdict == Verdict::Defer) {
      continue;
    }
    if (answer.verdict == Verdict::Ok) {
      return Proof{.user_id = user->id,
                   .record = *std::move(record),
                   .identity = std::nullopt,
                   .provider = provider,
                   .new_record = std::move(answer.new_record)};
    }
    // Who registered the address and has not shown that it is his keeps nobody from it whom the
    // next provider vouches for.
    is_denied = !database_.readOne(
        [&](db::Session& session) { return isEmailUnproved(session, user->id); });
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
  const auto made = insertUser(session, identity.email, Role::Viewer, now);
  if (made) {
    JsonWriter json;
    json.beginObject().member("user_id", *made).member("role", word(Role::Viewer)).endObject();
    db::record(session, {.type = "user.registered",
                         .user_id = *made,
                         .subject = "user:" + std::to_string(*made),
                         .json = json.take()});
  }
  auto user = findUserByEmail(session, identity.email);
  if (user && !isSameMailbox(user->email, identity.email)) {
    log_.warning("a provider vouched for an address that another user's looks like; refused",
                 {{"provider", proof.provider->name()}, {"user", user->id}});
    return std::nullopt;
  }
  if (user && !made && user->is_active && isEmailUnproved(session, user->id)) {
    takeOver(session, *user);
  }
  return user;
}

void SignIn::takeOver(db::Session& session, User& user) {
  deleteOtherCredentials(session, user.id, "");
  sessions_.endAllIn(session, user.id);
  for (const MailPurpose purpose : {MailPurpose::Activation, MailPurpose::PasswordReset}) {
    withdrawMailTokens(session, purpose, user.id);
  }
  setAwaitsActivation(session, user.id, false);
  recordEmailProof(session, user.id);
  user.awaits_activation = false;
}

std::optional<SignInSession> SignIn::open(db::Session& session, const Proof& proof,
                                          const Client& client) {
  const EpochMs now = clock_.now();
  const auto user = userOf(session, proof, now);
  if (!user || !user->maySignIn()) {
    return std::nullopt;
  }
  // What was proved must still hold: the password may have been replaced while it was hashed.
  if (proof.user_id && findCredential(session, user->id, proof.provider->name()) != proof.record) {
    return std::nullopt;
  }
  if (proof.new_record) {
    putCredential(session, user->id, proof.provider->name(), *proof.new_record, now);
  }
  return sessions_.open(session, user->id, client);
}

std::optional<SignInSession> SignIn::attempt(std::string_view email, const Secret& password,
                                             const Client& client) {
  if (password.reveal().size() > LongestPassword ||
      password.reveal().find('\0') != std::string_view::npos || !emailFault(email).empty()) {
    return std::nullopt;
  }
  const auto proof = prove(email, password, client.address);
  if (!proof) {
    return std::nullopt;
  }
  return database_.transact([&](db::Session& session) { return open(session, *proof, client); });
}

void SignIn::countIn(Metrics& metrics) {
  const auto counter = [&](const char* outcome) {
    return &metrics.counter("reeld_auth_attempts_total", "attempts to sign in, by outcome",
                            {{"method", "password"}, {"outcome", outcome}});
  };
  counters_ = {counter("ok"), counter("refused"), counter("throttled")};
}

void SignIn::admit(std::string_view email, const Client& client) {
  askCounting(counters_.throttled, [&] { throttle_.admitPassword(email, client.address); });
}

std::optional<SessionTokens> SignIn::tryPassword(std::string_view email, const Secret& password,
                                                 const Client& client, Carrier carrier) {
  std::optional<PasswordTry> a_try;
  askCounting(counters_.throttled, [&] { a_try.emplace(throttle_, email, client.address); });
  const auto sign_in = attempt(email, password, client);
  count(sign_in ? counters_.ok : counters_.refused);
  if (!sign_in) {
    a_try->failed();
    return std::nullopt;
  }
  a_try->succeeded();
  return sessions_.tokens(*sign_in, carrier);
}

SessionTokens SignIn::byPassword(std::string_view email, const Secret& password,
                                 const Client& client, Carrier carrier) {
  auto tokens = tryPassword(email, password, client, carrier);
  if (!tokens) {
    throw Error(ErrorCode::Unauthenticated, "wrong e-mail address or password")
        .reason("invalid-credentials");
  }
  return *std::move(tokens);
}

}  // namespace reeld::users
