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

Json toJson(const users::User& user) {
  return Json::Object{{"id", user.id},
                      {"email", user.email},
                      {"name", user.name},
                      {"role", users::word(user.role)},
                      {"is_active", user.is_active},
                      {"created_at", user.created_at}};
}

Json create(control::Request& request, users::Directory& directory,
            users::Registration& registration) {
  constexpr std::size_t PasswordBytes = 15;  // 20 characters
  const users::Role role = roleOf(request.text("role", "VIEWER"));
  const std::string given = request.text("password", "");
  const Secret password(given.empty() ? randomToken(PasswordBytes) : given);
  const users::UserId id = registration.add(request.text("email"), password, role);
  Json user = toJson(directory.find(id).value());
  if (given.empty()) {
    user.set("password", password.reveal());
  }
  return user;
}

Json list(control::Request& request, users::Directory& directory) {
  const auto page = directory.list(request.count("skip", 0), request.count("limit", 1000));
  Json::Array users;
  for (const auto& user : page.users) {
    users.push_back(toJson(user));
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

control::Commands userCommands(users::Directory& directory, users::Registration& registration) {
  return {
      {"user create",
       [&](control::Request& request) { return create(request, directory, registration); }},
      {"user list", [&](control::Request& request) { return list(request, directory); }},
      {"user role",
       [&](control::Request& request) {
         const auto user = findUser(directory, request.text("user"));
         return toJson(directory.changeRole(user.id, roleOf(request.text("role")), std::nullopt));
       }},
  };
}

}  // namespace reeld::app::commands
