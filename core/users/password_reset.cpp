#include "users/password_reset.h"

#include "base/error.h"
#include "users/mail_token_repository.h"
#include "users/password.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {
constexpr auto Purpose = MailPurpose::PasswordReset;
}

PasswordReset::PasswordReset(db::Database& database, Passwords& passwords)
    : database_(database), passwords_(passwords) {}

std::optional<User> PasswordReset::find(std::string_view uid, std::string_view token) {
  const auto id = parseMailUid(uid);
  if (!id) {
    return std::nullopt;
  }
  return database_.read([&](db::Session& session) -> std::optional<User> {
    return isGoodMailToken(session, Purpose, *id, token) ? findUser(session, *id) : std::nullopt;
  });
}

std::optional<User> PasswordReset::admitted(std::string_view uid, std::string_view token,
                                            const Secret& password) {
  auto user = find(uid, token);
  if (user) {
    if (const auto fault = passwordFault(password.reveal(), user->email); !fault.empty()) {
      throw Error({Violation{"/new_password", std::string(fault)}});
    }
  }
  return user;
}

bool PasswordReset::admit(std::string_view uid, std::string_view token, const Secret& password) {
  return admitted(uid, token, password).has_value();
}

bool PasswordReset::confirm(std::string_view uid, std::string_view token, const Secret& password) {
  // Whoever has no good link is not worth a hash.
  const auto user = admitted(uid, token, password);
  if (!user) {
    return false;
  }
  const auto record = passwords_.enroll(password);
  return database_.transact([&](db::Session& session) {
    if (!spendMailToken(session, Purpose, user->id, token)) {
      return false;
    }
    passwords_.replace(session, user->id, record);
    setAwaitsActivation(session, user->id, false);
    withdrawMailTokens(session, MailPurpose::Activation, user->id);
    return true;
  });
}

}  // namespace reeld::users
