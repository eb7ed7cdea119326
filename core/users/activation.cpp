#include "users/activation.h"

#include "base/json.h"
#include "db/outbox.h"
#include "users/mail_token_repository.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {

bool mayActivate(db::Session& session, UserId id) {
  const auto user = findUser(session, id);
  return user && user->is_active;
}

}  // namespace

void recordEmailProof(db::Session& session, UserId user) {
  JsonWriter json;
  json.beginObject().member("user_id", user).endObject();
  db::record(session, {.type = "user.email_verified",
                       .user_id = user,
                       .subject = "user:" + std::to_string(user),
                       .json = json.take()});
}

Activation::Activation(db::Database& database, const MailTokens& tokens, QueueMail queue_mail)
    : database_(database), tokens_(tokens), queue_mail_(std::move(queue_mail)) {}

void Activation::require(db::Session& session, UserId user) {
  setAwaitsActivation(session, user, true);
  queue_mail_(session, MailPurpose::Activation, user,
              addMailToken(session, tokens_, MailPurpose::Activation, user));
}

bool Activation::activate(std::string_view uid, std::string_view token) {
  const auto user = parseMailUid(uid);
  return user && database_.transact([&](db::Session& session) {
    if (!mayActivate(session, *user) ||
        !spendMailToken(session, MailPurpose::Activation, *user, token)) {
      return false;
    }
    withdrawMailTokens(session, MailPurpose::Activation, *user);
    setAwaitsActivation(session, *user, false);
    recordEmailProof(session, *user);
    return true;
  });
}

bool Activation::isGood(std::string_view uid, std::string_view token) {
  const auto user = parseMailUid(uid);
  return user && database_.read([&](db::Session& session) {
    return mayActivate(session, *user) &&
           isGoodMailToken(session, MailPurpose::Activation, *user, token);
  });
}

}  // namespace reeld::users
