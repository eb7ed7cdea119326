#include "app/commands/users.h"

#include "base/crypto.h"
#include "base/error.h"

#include <charconv>

namespace reeld::app::commands {

namespace {

users::Role roleOf(const std::string& given) {
  const auto role = users::parseRole(given);
  if (!role) {
    throw Error(ErrorCode::Invalid,
                "the role must be ADMIN, CREATOR or VIEWER (got \"" + given + "\")");
  }
  return *role;
}

Json userJson(const users::User& user) {
  return Json::Object{{"id", user.id},
                      {"email", user.email},
                      {"name", user.name},
                      {"role", users::word(user.role)},
                      {"is_active", user.is_active},
                      {"awaits_activation", user.awaits_activation},
                      {"created_at", user.created_at}};
}

/// The password that came with the request, or one of 20 random characters.
Secret passwordOf(control::Request& request) {
  constexpr std::size_t Bytes = 15;
  const std::string given = request.text("password", "");
  return Secret(given.empty() ? randomToken(Bytes) : given);
}

/// Shown only if nobody knows it yet.
Json withPassword(Json user, control::Request& request, const Secret& password) {
  if (request.text("password", "").empty()) {
    user.set("password", password.reveal());
  }
  return user;
}

Json create(control::Request& request, UserParts& parts) {
  const users::Role role = roleOf(request.text("role", "VIEWER"));
  const Secret password = passwordOf(request);
  const users::UserId id = parts.registration.add(request.text("email"), password, role);
  return withPassword(userJson(parts.directory.find(id).value()), request, password);
}

Json resetPassword(control::Request& request, UserParts& parts) {
  const auto user = findUser(parts.directory, request.text("user"));
  const Secret password = passwordOf(request);
  parts.passwords.reset(user.id, password);
  return withPassword(userJson(user), request, password);
}

Json removeUser(control::Request& request, UserParts& parts) {
  const auto user = findUser(parts.directory, request.text("user"));
  parts.directory.remove(user.id, std::nullopt);
  return userJson(user);
}

Json setActive(control::Request& request, UserParts& parts, bool active) {
  const auto user = findUser(parts.directory, request.text("user"));
  return userJson(parts.directory.setActive(user.id, active, std::nullopt));
}

Json sessions(control::Request& request, UserParts& parts) {
  const auto user = findUser(parts.directory, request.text("user"));
  const auto page =
      parts.sessions.list(user.id, request.count("skip", 0), request.count("limit", 1000));
  Json::Array list;
  for (const auto& session : page.sessions) {
    list.push_back(Json::Object{{"id", session.id},
                                {"user_agent", session.user_agent},
                                {"address", session.address},
                                {"created_at", session.created_at},
                                {"refreshed_at", session.rotated_at},
                                {"expires_at", session.expires_at}});
  }
  return Json::Object{{"sessions", std::move(list)}, {"total", page.total}};
}

Json logout(control::Request& request, UserParts& parts) {
  const auto user = findUser(parts.directory, request.text("user"));
  Json result = userJson(user);
  result.set("ended", static_cast<std::int64_t>(parts.sessions.endAll(user.id)));
  return result;
}

Json listUsers(control::Request& request, users::Directory& directory) {
  const auto page = directory.list(request.count("skip", 0), request.count("limit", 1000));
  Json::Array users;
  for (const auto& user : page.users) {
    users.push_back(userJson(user));
  }
  return Json::Object{{"users", std::move(users)}, {"total", page.total}};
}

}  // namespace

users::User findUser(users::Directory& directory, const std::string& id_or_email) {
  std::int64_t id = 0;
  const char* end = id_or_email.data() + id_or_email.size();
  const auto number = std::from_chars(id_or_email.data(), end, id);
  const bool is_id = number.ec == std::errc() && number.ptr == end;
  const auto user = is_id ? directory.find(id) : directory.findByEmail(id_or_email);
  if (!user) {
    throw Error(ErrorCode::NotFound,
                "there is no user " + std::string(is_id ? "with the id " : "") + id_or_email);
  }
  return *user;
}

control::Commands userCommands(UserParts parts) {
  // Each command has the parts as they are now; what they refer to outlives it.
  const auto with = [&](auto command) {
    return [parts, command](control::Request& request) mutable { return command(request, parts); };
  };
  return {
      {"user create", with(create)},
      {"user list",
       with([](auto& request, auto& all) { return listUsers(request, all.directory); })},
      {"user role", with([](auto& request, auto& all) {
         const auto user = findUser(all.directory, request.text("user"));
         return userJson(
             all.directory.changeRole(user.id, roleOf(request.text("role")), std::nullopt));
       })},
      {"user reset-password", with(resetPassword)},
      {"user activate",
       with([](auto& request, auto& all) { return setActive(request, all, true); })},
      {"user deactivate",
       with([](auto& request, auto& all) { return setActive(request, all, false); })},
      {"user delete", with(removeUser)},
      {"user sessions", with(sessions)},
      {"user logout", with(logout)},
  };
}

}  // namespace reeld::app::commands
