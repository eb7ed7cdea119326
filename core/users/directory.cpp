#include "users/directory.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/user_repository.h"

namespace reeld::users {

namespace {

void recordChange(db::Session& session, const User& user, Role role, std::optional<UserId> by) {
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

}  // namespace

Directory::Directory(db::Database& database) : database_(database) {}

Directory::Page Directory::list(std::int64_t skip, std::int64_t limit) {
  return database_.read([&](db::Session& session) {
    return Page{.users = listUsers(session, skip, limit), .total = countUsers(session)};
  });
}

std::optional<User> Directory::find(UserId id) {
  return database_.read([&](db::Session& session) { return findUser(session, id); });
}

std::optional<User> Directory::findByEmail(std::string_view email) {
  return database_.read([&](db::Session& session) { return findUserByEmail(session, email); });
}

User Directory::changeRole(UserId id, Role role, std::optional<UserId> by) {
  return database_.transact([&](db::Session& session) {
    const auto admins = lockActiveAdmins(session);
    auto user = findUser(session, id);
    if (!user) {
      throw Error(ErrorCode::NotFound, "user not found");
    }
    if (user->role == role) {
      return *user;
    }
    if (admins.size() == 1 && admins.front() == id) {
      throw Error(ErrorCode::Conflict,
                  "the last active administrator cannot be demoted: name another one first")
          .reason("last-admin");
    }
    setRole(session, id, role);
    recordChange(session, *user, role, by);
    user->role = role;
    return *user;
  });
}

bool Directory::hasActiveAdmin() {
  return database_.read([](db::Session& session) { return countActiveAdmins(session) > 0; });
}

}  // namespace reeld::users
