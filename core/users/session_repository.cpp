#include "users/session_repository.h"

namespace reeld::users {

namespace {
const db::Statement InsertSession{R"(
  INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, expires_at, user_agent,
                        address)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};

// One statement for every request of a signed-in user: two lookups by primary key.
const db::Statement FindViewer{R"(
  SELECT u.role, s.expires_at
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3
    AND u.is_active = 1 AND u.deleted_at IS NULL)"};

const db::Statement FindSession{R"(
  SELECT s.id, s.user_id, s.generation, s.rotated_at, s.created_at, s.expires_at, s.user_agent,
         s.address
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2
    AND u.is_active = 1 AND u.deleted_at IS NULL)"};

const db::Statement Rotate{R"(
  UPDATE sessions SET generation = $1, rotated_at = $2, expires_at = $3 WHERE id = $4)"};

const db::Statement ListSessions{R"(
  SELECT id, user_id, generation, rotated_at, created_at, expires_at, user_agent, address
  FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
  ORDER BY created_at DESC, id LIMIT $3 OFFSET $4)"};

const db::Statement CountSessions{R"(
  SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2)"};

const db::Statement End{R"(
  UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND id = $3 AND revoked_at IS NULL)"};

const db::Statement EndAllBut{R"(
  UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND id <> $3 AND revoked_at IS NULL
  RETURNING id)"};

const db::Statement DeleteSession{"DELETE FROM sessions WHERE user_id = $1"};
const db::Statement DeleteExpired{"DELETE FROM sessions WHERE user_id = $1 AND expires_at <= $2"};
const db::Statement Prune{R"(
  DELETE FROM sessions
  WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2))"};

SignInSession readSession(const db::Row& row) {
  return {.id = row.text(0),
          .user_id = row.integer(1),
          .generation = row.integer(2),
          .rotated_at = row.integer(3),
          .created_at = row.integer(4),
          .expires_at = row.integer(5),
          .user_agent = row.text(6),
          .address = row.text(7)};
}
}  // namespace

void insertSession(db::Session& session, const SignInSession& sign_in) {
  session.execute(InsertSession, sign_in.id, sign_in.user_id, sign_in.generation,
                  sign_in.rotated_at, sign_in.created_at, sign_in.expires_at, sign_in.user_agent,
                  sign_in.address);
}

std::optional<LiveViewer> findViewer(db::Session& session, const std::string& session_id,
                                     UserId user_id, EpochMs now) {
  const auto row = session.find(FindViewer, session_id, user_id, now);
  const auto role = row ? parseRole(row->text(0)) : std::nullopt;
  if (!role) {
    return std::nullopt;
  }
  return LiveViewer{
      .viewer = {.user_id = user_id, .role = *role, .session_id = session_id, .token_id = {}},
      .until = row->integer(1)};
}

std::optional<SignInSession> findSession(db::Session& session, const std::string& id, EpochMs now) {
  const auto row = session.find(FindSession, id, now);
  return row ? std::optional(readSession(*row)) : std::nullopt;
}

void saveRotation(db::Session& session, const SignInSession& sign_in) {
  session.execute(Rotate, sign_in.generation, sign_in.rotated_at, sign_in.expires_at, sign_in.id);
}

std::vector<SignInSession> listSessions(db::Session& session, UserId user_id, EpochMs now,
                                        std::int64_t skip, std::int64_t limit) {
  std::vector<SignInSession> sessions;
  for (const auto& row : session.query(ListSessions, user_id, now, limit, skip)) {
    sessions.push_back(readSession(row));
  }
  return sessions;
}

std::int64_t countSessions(db::Session& session, UserId user_id, EpochMs now) {
  return session.query(CountSessions, user_id, now).at(0).integer(0);
}

bool endSession(db::Session& session, UserId user_id, const std::string& id, EpochMs now) {
  session.announce(db::News::Access);
  return session.execute(End, now, user_id, id) == 1;
}

std::vector<std::string> endSessions(db::Session& session, UserId user_id, const std::string& keep,
                                     EpochMs now) {
  session.announce(db::News::Access);
  std::vector<std::string> ended;
  for (const auto& row : session.query(EndAllBut, now, user_id, keep)) {
    ended.push_back(row.text(0));
  }
  return ended;
}

void deleteExpiredSessions(db::Session& session, UserId user_id, EpochMs now) {
  session.execute(DeleteExpired, user_id, now);
}

std::int64_t pruneSessions(db::Session& session, EpochMs before, std::int64_t limit) {
  return session.execute(Prune, before, limit);
}

void deleteSessions(db::Session& session, UserId user_id) {
  session.execute(DeleteSession, user_id);
}

}  // namespace reeld::users
