#include "users/directory.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/credential_repository.h"
#include "users/mail_token_repository.h"
#include "users/session_repository.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {

void recordRole(db::Session& session, const User& user, Role role, std::optional<UserId> by) {
  JsonWriter json;
  json.beginObject()
      .member("user_id", user.id)
      .member("from", word(user.role))
      .member("to", word(role))
      .endObject();
  db::record(session, {.type = "user.role_changed",
                       .user_id = by,
                       .subject = "user:" + std::to_string(user.id),
                       .json = json.take()});
}

void recordState(db::Session& session, const char* type, UserId id, std::optional<UserId> by) {
  JsonWriter json;
  json.beginObject().member("user_id", id).endObject();
  db::record(
      session,
      {.type = type, .user_id = by, .subject = "user:" + std::to_string(id), .json = json.take()});
}

/// The user, with every active administrator locked; so that of two at once one is the last.
User demandForChange(db::Session& session, UserId id, bool takes_admin, const char* what) {
  const auto admins = lockActiveAdmins(session);
  auto user = findUser(session, id);
  if (!user) {
    throw Error(ErrorCode::NotFound, "user not found");
  }
  if (takes_admin && admins.size() == 1 && admins.front() == id) {
    throw Error(ErrorCode::Conflict, std::string("the last active administrator cannot be ") +
                                         what + ": name another one first")
        .reason("last-admin");
  }
  return *std::move(user);
}

}  // namespace

Directory::Directory(db::Database& database, Sessions& sessions)
    : database_(database), sessions_(sessions) {}

Directory::Page Directory::list(std::int64_t skip, std::int64_t limit) {
  return database_.read([&](db::Session& session) {
    return Page{.users = listUsers(session, skip, limit), .total = countUsers(session)};
  });
}

std::optional<User> Directory::find(UserId id) {
  return database_.readOne([&](db::Session& session) { return findUser(session, id); });
}

std::optional<User> Directory::findByEmail(std::string_view email) {
  return database_.readOne([&](db::Session& session) { return findUserByEmail(session, email); });
}

User Directory::changeRole(UserId id, Role role, std::optional<UserId> by) {
  return database_.transact([&](db::Session& session) {
    User user = demandForChange(session, id, role != Role::Admin, "demoted");
    if (user.role != role) {
      setRole(session, id, role);
      recordRole(session, user, role, by);
      if (isBelow(role, user.role)) {
        // What the role opened is not to be watched for hours after it; what is open to him still
        // he is granted anew.
        sessions_.endGrantsIn(session, id);
      }
      user.role = role;
    }
    return user;
  });
}

User Directory::setActive(UserId id, bool active, std::optional<UserId> by) {
  return database_.transact([&](db::Session& session) {
    User user = demandForChange(session, id, !active, "deactivated");
    if (user.is_active != active || (active && user.awaits_activation)) {
      users::setActive(session, id, active);
      if (active && user.awaits_activation) {
        // Whoever lets him in instead of a mailed link vouches for the address.
        setAwaitsActivation(session, id, false);
        withdrawMailTokens(session, MailPurpose::Activation, id);
        user.awaits_activation = false;
      }
      recordState(session, active ? "user.activated" : "user.deactivated", id, by);
      if (!active) {
        sessions_.shutOutIn(session, id);
      }
      user.is_active = active;
    }
    return user;
  });
}

void Directory::remove(UserId id, std::optional<UserId> by) {
  database_.transact([&](db::Session& session) {
    demandForChange(session, id, true, "deleted");
    markDeleted(session, id);
    deleteOtherCredentials(session, id, "");
    recordState(session, "user.deleted", id, by);
    sessions_.shutOutIn(session, id);
    deleteSessions(session, id);
  });
}

bool Directory::hasActiveAdmin() {
  return database_.readOne([](db::Session& session) { return countActiveAdmins(session) > 0; });
}

}  // namespace reeld::users
