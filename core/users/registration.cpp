#include "users/registration.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/credential_repository.h"
#include "users/email.h"
#include "users/password.h"
#include "users/user_repository.h"

#include <algorithm>

namespace reeld::users {

namespace {

[[noreturn]] void refuseTaken() {
  throw Error(ErrorCode::Conflict, "this e-mail address is already registered");
}

void check(std::string_view email, const Secret& password) {
  std::vector<Violation> violations;
  if (const auto fault = emailFault(email); !fault.empty()) {
    violations.push_back({"/email", std::string(fault)});
  }
  if (const auto fault = passwordFault(password.reveal()); !fault.empty()) {
    violations.push_back({"/password", std::string(fault)});
  }
  if (!violations.empty()) {
    throw Error(std::move(violations));
  }
}

}  // namespace

Registration::Registration(db::Database& database, const Clock& clock,
                           std::vector<IdentityProvider*> providers)
    : database_(database), clock_(clock), providers_(std::move(providers)) {}

IdentityProvider* Registration::recordKeeper() const {
  const auto found = std::find_if(providers_.begin(), providers_.end(),
                                  [](const auto* provider) { return provider->keepsRecords(); });
  return found == providers_.end() ? nullptr : *found;
}

std::string Registration::missing() const {
  if (recordKeeper() == nullptr) {
    for (const IdentityProvider* provider : providers_) {
      if (auto why = provider->missing(); !why.empty()) {
        return why;
      }
    }
  }
  return {};
}

UserId Registration::add(std::string_view email, const Secret& password, Role role) {
  check(email, password);
  IdentityProvider* const provider = recordKeeper();
  if (provider == nullptr) {
    if (const std::string why = missing(); !why.empty()) {
      throw Error(ErrorCode::Unavailable, "nobody can register: " + why);
    }
    throw Error(ErrorCode::Unsupported,
                "no provider in auth_providers keeps passwords, so nobody can register here");
  }
  // Saves the hash for the common case; the insert below decides.
  if (database_.read([&](db::Session& session) { return findUserByEmail(session, email); })) {
    refuseTaken();
  }
  const std::string record = provider->enroll(password.reveal());
  const auto id = database_.transact([&](db::Session& session) -> std::optional<UserId> {
    const EpochMs now = clock_.now();
    const auto inserted = insertUser(session, email, role, now);
    if (inserted) {
      putCredential(session, *inserted, provider->name(), record, now);
      JsonWriter json;
      json.beginObject().member("user_id", *inserted).member("role", word(role)).endObject();
      db::record(session, {.type = "user.registered",
                           .user_id = *inserted,
                           .subject = "user:" + std::to_string(*inserted),
                           .json = json.take()});
    }
    return inserted;
  });
  if (!id) {
    refuseTaken();
  }
  return *id;
}

}  // namespace reeld::users
