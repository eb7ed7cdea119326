#include "users/registration.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/credential_repository.h"
#include "users/email.h"
#include "users/password.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {

void demandBothAllowed(std::string_view email, const Secret& password) {
  std::vector<Violation> violations;
  if (const auto fault = emailFault(email); !fault.empty()) {
    violations.push_back({"/email", std::string(fault)});
  }
  if (const auto fault = passwordFault(password.reveal(), email); !fault.empty()) {
    violations.push_back({"/password", std::string(fault)});
  }
  if (!violations.empty()) {
    throw Error(std::move(violations));
  }
}

[[noreturn]] void refuseSetup() {
  throw Error(ErrorCode::Denied,
              "this is not the setup secret of this site, or the site has an administrator by now")
      .reason("setup-secret");
}

}  // namespace

Registration::Registration(db::Database& database, const Clock& clock, Passwords& passwords,
                           Throttle& throttle)
    : database_(database), clock_(clock), passwords_(passwords), throttle_(throttle) {}

bool Registration::admit(std::string_view email, const Secret& password, const Client& client) {
  demandBothAllowed(email, password);  // a slip of the hand is no attempt
  throttle_.admitRegistration(client.address);
  return !isTaken(email);
}

std::optional<UserId> Registration::signUp(std::string_view email, const Secret& password,
                                           Activation* activation) {
  demandBothAllowed(email, password);
  return insert(email, password, Role::Viewer, {.activation = activation, .by_anybody = true});
}

std::optional<UserId> Registration::setUp(std::string_view email, const Secret& password,
                                          SetupSecret& secret, std::string_view given) {
  demandBothAllowed(email, password);
  if (!secret.opens(given)) {
    refuseSetup();
  }
  const auto id = insert(email, password, Role::Admin, {.first_admin = true});
  if (id) {
    secret.spend();
  }
  return id;
}

UserId Registration::add(std::string_view email, const Secret& password, Role role) {
  demandBothAllowed(email, password);
  const auto id = insert(email, password, role, {});
  if (!id) {
    throw Error(ErrorCode::Conflict, "this e-mail address is already registered");
  }
  return *id;
}

bool Registration::isTaken(std::string_view email) {
  return database_.readOne([&](db::Session& session) { return findUserByEmail(session, email); })
      .has_value();
}

std::optional<UserId> Registration::insert(std::string_view email, const Secret& password,
                                           Role role, const Terms& terms) {
  // Saves the hash for the common case; the insert below decides.
  if (isTaken(email)) {
    return std::nullopt;
  }
  const Passwords::Record record = passwords_.enroll(password);
  return database_.transact([&](db::Session& session) {
    if (terms.first_admin && countActiveAdmins(session) > 0) {
      refuseSetup();
    }
    const EpochMs now = clock_.now();
    const auto inserted = insertUser(session, email, role, now);
    if (inserted) {
      putCredential(session, *inserted, record.provider, record.text, now);
      JsonWriter json;
      json.beginObject().member("user_id", *inserted).member("role", word(role)).endObject();
      db::record(session, {.type = "user.registered",
                           .user_id = *inserted,
                           .subject = "user:" + std::to_string(*inserted),
                           .json = json.take()});
      if (terms.by_anybody) {
        setEmailUnproved(session, *inserted);
      }
      if (terms.activation != nullptr) {
        terms.activation->require(session, *inserted);
      }
    }
    return inserted;
  });
}

}  // namespace reeld::users
