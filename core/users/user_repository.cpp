#include "users/user_repository.h"

#include "base/error.h"
#include "users/email.h"

namespace reeld::users {

namespace {

const db::Statement InsertUser{R"(
  INSERT INTO users (email, email_key, role, created_at)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (email_key) DO NOTHING
  RETURNING id)"};

const db::Statement ById{R"(
  SELECT id, email, name, role, is_active, created_at, awaits_activation
  FROM users WHERE id = $1 AND deleted_at IS NULL)"};

const db::Statement ByKey{R"(
  SELECT id, email, name, role, is_active, created_at, awaits_activation
  FROM users WHERE email_key = $1 AND deleted_at IS NULL)"};

const db::Statement ListUsers{R"(
  SELECT id, email, name, role, is_active, created_at, awaits_activation
  FROM users WHERE deleted_at IS NULL
  ORDER BY id DESC LIMIT $1 OFFSET $2)"};

const db::Statement CountUsers{"SELECT COUNT(*) FROM users WHERE deleted_at IS NULL"};

const db::Statement SetRole{"UPDATE users SET role = $1 WHERE id = $2"};

const db::Statement SetActive{"UPDATE users SET is_active = $1 WHERE id = $2"};

// The key stays unique, and is none that an address can have.
const db::Statement DeleteUser{R"(
  UPDATE users SET email = '', email_key = 'deleted:' || id, name = '', is_active = 0,
    deleted_at = {NOW}
  WHERE id = $1)"};

const db::Statement SetAwaitsActivation{
    "UPDATE users SET awaits_activation = $1, email_unproved = $2 WHERE id = $3"};

const db::Statement SetUnproved{"UPDATE users SET email_unproved = 1 WHERE id = $1"};

const db::Statement IsUnproved{"SELECT email_unproved FROM users WHERE id = $1"};

const db::Statement LockAdmins{R"(
  SELECT id FROM users WHERE role = 'ADMIN' AND is_active = 1 AND awaits_activation = 0 AND deleted_at IS NULL
  ORDER BY id {FOR UPDATE})"};

const db::Statement CountAdmins{R"(
  SELECT COUNT(*) FROM users WHERE role = 'ADMIN' AND is_active = 1 AND awaits_activation = 0 AND deleted_at IS NULL)"};

User readUser(const db::Row& row) {
  const auto role = parseRole(row.text(3));
  if (!role) {
    throw Error(ErrorCode::Internal,
                "user " + std::to_string(row.integer(0)) + " has the unknown role " + row.text(3));
  }
  return {.id = row.integer(0),
          .email = row.text(1),
          .name = row.text(2),
          .role = *role,
          .is_active = row.flag(4),
          .awaits_activation = row.flag(6),
          .created_at = row.integer(5)};
}

std::optional<User> readMaybe(const std::optional<db::Row>& row) {
  return row ? std::optional(readUser(*row)) : std::nullopt;
}

}  // namespace

std::optional<UserId> insertUser(db::Session& session, std::string_view email, Role role,
                                 EpochMs now) {
  const auto row = session.find(InsertUser, email, emailKey(email), word(role), now);
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

std::optional<User> findUser(db::Session& session, UserId id) {
  return readMaybe(session.find(ById, id));
}

std::optional<User> findUserByEmail(db::Session& session, std::string_view email) {
  return readMaybe(session.find(ByKey, emailKey(email)));
}

std::vector<User> listUsers(db::Session& session, std::int64_t skip, std::int64_t limit) {
  std::vector<User> users;
  for (const auto& row : session.query(ListUsers, limit, skip)) {
    users.push_back(readUser(row));
  }
  return users;
}

std::int64_t countUsers(db::Session& session) { return session.query(CountUsers).at(0).integer(0); }

void setRole(db::Session& session, UserId id, Role role) {
  session.announce(db::News::Access);
  session.execute(SetRole, word(role), id);
}

void setActive(db::Session& session, UserId id, bool active) {
  session.announce(db::News::Access);
  session.execute(SetActive, active, id);
}

void markDeleted(db::Session& session, UserId id) {
  session.announce(db::News::Access);
  session.execute(DeleteUser, id);
}

void setAwaitsActivation(db::Session& session, UserId id, bool awaits) {
  session.execute(SetAwaitsActivation, awaits, awaits, id);
}

void setEmailUnproved(db::Session& session, UserId id) { session.execute(SetUnproved, id); }

bool isEmailUnproved(db::Session& session, UserId id) {
  const auto row = session.find(IsUnproved, id);
  return row && row->flag(0);
}

std::vector<UserId> lockActiveAdmins(db::Session& session) {
  std::vector<UserId> ids;
  for (const auto& row : session.query(LockAdmins)) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

std::int64_t countActiveAdmins(db::Session& session) {
  return session.query(CountAdmins).at(0).integer(0);
}

}  // namespace reeld::users
