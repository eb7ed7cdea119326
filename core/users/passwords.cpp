#include "users/passwords.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/credential_repository.h"
#include "users/mail_token_repository.h"
#include "users/password.h"
#include "users/password_check.h"
#include "users/user_repository.h"

#include <algorithm>

namespace reeld::users {

namespace {

void demandAllowed(const Secret& password, const User& user, const char* pointer) {
  if (const auto fault = passwordFault(password.reveal(), user.email); !fault.empty()) {
    throw Error({Violation{pointer, std::string(fault)}});
  }
}

User demandUser(db::Database& database, UserId id) {
  auto user = database.read([&](db::Session& session) { return findUser(session, id); });
  if (!user) {
    throw Error(ErrorCode::NotFound, "user not found");
  }
  return *std::move(user);
}

}  // namespace

Passwords::Passwords(db::Database& database, const Clock& clock,
                     std::vector<IdentityProvider*> providers, Sessions& sessions,
                     Throttle& throttle)
    : database_(database),
      clock_(clock),
      providers_(std::move(providers)),
      sessions_(sessions),
      throttle_(throttle) {}

IdentityProvider* Passwords::recordKeeper() const {
  const auto found = std::find_if(providers_.begin(), providers_.end(),
                                  [](const auto* provider) { return provider->keepsRecords(); });
  return found == providers_.end() ? nullptr : *found;
}

std::string Passwords::missing() const {
  if (recordKeeper() == nullptr) {
    for (const IdentityProvider* provider : providers_) {
      if (auto why = provider->missing(); !why.empty()) {
        return why;
      }
    }
  }
  return {};
}

Passwords::Record Passwords::enroll(const Secret& password) {
  IdentityProvider* const provider = recordKeeper();
  if (provider == nullptr) {
    if (const std::string why = missing(); !why.empty()) {
      throw Error(ErrorCode::Unavailable, "no password can be kept: " + why);
    }
    throw Error(ErrorCode::Unsupported,
                "no provider in auth_providers keeps passwords, so none can be set here");
  }
  return {.provider = provider->name(),
          .text = provider->enroll(composedPassword(password).reveal())};
}

void Passwords::replace(db::Session& session, UserId user_id, const Record& record,
                        const std::string& keep) {
  putCredential(session, user_id, record.provider, record.text, clock_.now());
  // One user, one password: what another provider still keeps would let the old one in.
  deleteOtherCredentials(session, user_id, record.provider);
  sessions_.endAllIn(session, user_id, keep);
  // A link that was asked for before, perhaps by whom the new password is to keep out.
  withdrawMailTokens(session, MailPurpose::PasswordReset, user_id);
  JsonWriter json;
  json.beginObject().member("user_id", user_id).endObject();
  db::record(session, {.type = "user.password_changed",
                       .user_id = user_id,
                       .subject = "user:" + std::to_string(user_id),
                       .json = json.take()});
}

void Passwords::reset(UserId user_id, const Secret& password) {
  demandAllowed(password, demandUser(database_, user_id), "/password");
  const Record record = enroll(password);
  database_.transact([&](db::Session& session) { replace(session, user_id, record); });
}

std::optional<Passwords::Record> Passwords::prove(UserId user_id, const Secret& password) {
  for (IdentityProvider* provider : providers_) {
    if (!provider->keepsRecords()) {
      continue;
    }
    const auto record = database_.read(
        [&](db::Session& session) { return findCredential(session, user_id, provider->name()); });
    const auto verdict =
        record ? checkPassword(*provider, *record, password).verdict : Verdict::Defer;
    if (verdict != Verdict::Defer) {
      return verdict == Verdict::Ok ? std::optional(Record{provider->name(), *record})
                                    : std::nullopt;
    }
  }
  throw Error(ErrorCode::Conflict,
              "the password of this user is not kept here: change it where it is")
      .reason("no-password");
}

User Passwords::demandChangeable(const Viewer& viewer, const Secret& next) {
  User user = demandUser(database_, viewer.user_id);
  demandAllowed(next, user, "/new_password");
  return user;
}

void Passwords::admitChange(const Viewer& viewer, const Secret& next, const Client& client) {
  throttle_.admitPassword(demandChangeable(viewer, next).email, client.address);
}

void Passwords::change(const Viewer& viewer, const Secret& current, const Secret& next,
                       const Client& client) {
  const User user = demandChangeable(viewer, next);
  PasswordTry a_try(throttle_, user.email, client.address);
  const auto proved = prove(user.id, current);
  if (!proved) {
    a_try.failed();
    throw Error(ErrorCode::Denied, "the current password is wrong").reason("wrong-password");
  }
  a_try.succeeded();
  const Record record = enroll(next);
  const bool replaced = database_.transact([&](db::Session& session) {
    // What was proved must still hold: a password that was reset meanwhile stays.
    const auto now = findCredential(session, user.id, proved->provider);
    if (now != proved->text || !findSession(session, viewer.session_id, clock_.now())) {
      return false;
    }
    replace(session, user.id, record, viewer.session_id);
    return true;
  });
  if (!replaced) {
    throw Error(ErrorCode::Unauthenticated, "this session has ended: sign in again")
        .reason("session-ended");
  }
}

}  // namespace reeld::users
