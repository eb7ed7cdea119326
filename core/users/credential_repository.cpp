#include "users/credential_repository.h"

namespace reeld::users {

namespace {
const db::Statement Find{"SELECT record FROM credentials WHERE user_id = $1 AND provider = $2"};

// One look into the primary key for the end, one for the place. The place is among so many ids as
// the largest power of two says: so it stays where it is while others register, until there are
// twice as many.
const db::Statement FindSome{R"(
  SELECT record FROM credentials
  WHERE id > (WITH RECURSIVE powers (n) AS (
                SELECT CAST(1 AS BIGINT)
                UNION ALL
                SELECT n * 2 FROM powers WHERE n * 2 <= (SELECT MAX(id) FROM credentials))
              SELECT MAX(n) FROM powers) * $1 / 1048576
    AND provider = $2
  ORDER BY id LIMIT 1)"};
static_assert(CredentialPoints == 1048576);

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
  const auto row = session.find(Find, user, provider);
  return row ? std::optional(row->text(0)) : std::nullopt;
}

std::optional<std::string> someCredential(db::Session& session, std::string_view provider,
                                          std::int64_t point) {
  const auto row = session.find(FindSome, point, provider);
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
