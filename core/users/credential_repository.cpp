#include "users/credential_repository.h"

namespace reeld::users {

namespace {
const db::Statement FindCredential{
    "SELECT record FROM credentials WHERE user_id = $1 AND provider = $2"};

// Both go by the primary key.
const db::Statement FindLast{"SELECT COALESCE(MAX(id), 0) FROM credentials"};
const db::Statement FindBehind{
    "SELECT record FROM credentials WHERE id > $1 AND provider = $2 ORDER BY id LIMIT 1"};

const db::Statement FindAny{"SELECT 1 FROM credentials WHERE user_id = $1 LIMIT 1"};

const db::Statement Put{R"(
  INSERT INTO credentials (user_id, provider, record, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $4)
  ON CONFLICT (user_id, provider)
  DO UPDATE SET record = excluded.record, updated_at = excluded.updated_at)"};

const db::Statement DeleteOthers{"DELETE FROM credentials WHERE user_id = $1 AND provider <> $2"};
}  // namespace

std::optional<std::string> findCredential(db::Session& session, UserId user,
                                          std::string_view provider) {
  const auto row = session.find(FindCredential, user, provider);
  return row ? std::optional(row->text(0)) : std::nullopt;
}

std::int64_t lastCredential(db::Session& session) {
  return session.query(FindLast).at(0).integer(0);
}

std::optional<std::string> credentialBehind(db::Session& session, std::string_view provider,
                                            std::int64_t id) {
  const auto row = session.find(FindBehind, id, provider);
  return row ? std::optional(row->text(0)) : std::nullopt;
}

bool hasCredential(db::Session& session, UserId user) {
  return session.find(FindAny, user).has_value();
}

void putCredential(db::Session& session, UserId user, std::string_view provider,
                   std::string_view record, EpochMs now) {
  session.execute(Put, user, provider, record, now);
}

void deleteOtherCredentials(db::Session& session, UserId user, std::string_view provider) {
  session.execute(DeleteOthers, user, provider);
}

}  // namespace reeld::users
