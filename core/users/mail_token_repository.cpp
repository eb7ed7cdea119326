#include "users/mail_token_repository.h"

namespace reeld::users {

namespace {

const db::Statement InsertMailToken{R"(
  INSERT INTO mail_tokens (id, user_id, purpose, token_hash, created_at, expires_at)
  VALUES ($1, $2, $3, $4, {NOW}, {NOW} + $5))"};

const db::Statement FindGood{R"(
  SELECT t.id FROM mail_tokens t JOIN users u ON u.id = t.user_id
  WHERE t.token_hash = $1 AND t.purpose = $2 AND t.user_id = $3
    AND t.used_at IS NULL AND t.expires_at > {NOW} AND u.deleted_at IS NULL)"};

const db::Statement Spend{R"(
  UPDATE mail_tokens SET used_at = {NOW}
  WHERE token_hash = $1 AND purpose = $2 AND user_id = $3
    AND used_at IS NULL AND expires_at > {NOW}
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = user_id AND u.deleted_at IS NULL))"};

const db::Statement Withdraw{R"(
  UPDATE mail_tokens SET used_at = {NOW}
  WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL)"};

const db::Statement CountMailTokens{R"(
  SELECT COUNT(*) FROM mail_tokens
  WHERE user_id = $1 AND purpose = $2 AND created_at > {NOW} - $3)"};

}  // namespace

std::string addMailToken(db::Session& session, const MailTokens& tokens, MailPurpose purpose,
                         UserId user) {
  std::string id = MailTokens::newId();
  session.execute(InsertMailToken, id, user, word(purpose),
                  MailTokens::hash(tokens.derive(purpose, user, id)), lifeOf(purpose).count());
  return id;
}

bool isGoodMailToken(db::Session& session, MailPurpose purpose, UserId user,
                     std::string_view token) {
  return session.find(FindGood, MailTokens::hash(token), word(purpose), user).has_value();
}

bool spendMailToken(db::Session& session, MailPurpose purpose, UserId user,
                    std::string_view token) {
  return session.execute(Spend, MailTokens::hash(token), word(purpose), user) == 1;
}

void withdrawMailTokens(db::Session& session, MailPurpose purpose, UserId user) {
  session.execute(Withdraw, user, word(purpose));
}

std::int64_t countMailTokens(db::Session& session, MailPurpose purpose, UserId user,
                             std::chrono::milliseconds within) {
  return session.query(CountMailTokens, user, word(purpose), within.count()).at(0).integer(0);
}

}  // namespace reeld::users
