#include "api/v1/users.h"

#include "api/body_fields.h"
#include "api/endpoint.h"
#include "api/message.h"
#include "api/parameters.h"
#include "api/user_json.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

constexpr std::int64_t DefaultLimit = 10;

http::Response listUsers(users::Directory& directory, const http::Exchange& exchange) {
  const Window window = readWindow(exchange, DefaultLimit);
  const auto page = directory.list(window.skip, window.limit);
  auto response = http::Response::json(usersJson(page.users));
  addWindowHeaders(response, "/api/v1/users/", window, page.total);
  return response;
}

http::Response changeRole(users::Directory& directory, const http::Exchange& exchange,
                          const users::Viewer& viewer, const Json& body) {
  const auto id = pathId(exchange);
  BodyFields fields(body);
  const std::string name = fields.requiredText("role_name");
  fields.check();
  const auto role = users::parseRole(name);
  if (!role) {
    throw Error(ErrorCode::NotFound, "role not found: it is ADMIN, CREATOR or VIEWER");
  }
  directory.changeRole(id, *role, viewer.user_id);
  return message("User role updated to " + name);
}

http::Response setActive(users::Directory& directory, const http::Exchange& exchange,
                         const users::Viewer& viewer, bool active) {
  directory.setActive(pathId(exchange), active, viewer.user_id);
  return message(active ? "User activated" : "User deactivated");
}

http::Response remove(users::Directory& directory, const http::Exchange& exchange,
                      const users::Viewer& viewer) {
  directory.remove(pathId(exchange), viewer.user_id);
  return message("User deleted");
}

}  // namespace

http::Routes userRoutes(const Guard& guard, users::Directory& directory) {
  using http::Access;
  using http::Exchange;
  using http::Method;
  using users::Viewer;
  return {
      endpoint(Method::Get, "/api/v1/users", Access::Admin,
               [&](Exchange& exchange, const Viewer&) { return listUsers(directory, exchange); }),
      endpoint(Method::Get, "/api/v1/users/admin-only", Access::Admin,
               [](Exchange&, const Viewer&) { return message("Welcome Admin"); }),
      jsonEndpoint(guard, Method::Patch, "/api/v1/users/{id}/role", Access::Admin,
                   [&](Exchange& exchange, const Viewer& viewer, const Json& body) {
                     return changeRole(directory, exchange, viewer, body);
                   }),
      endpoint(Method::Patch, "/api/v1/users/{id}/activate", Access::Admin,
               [&](Exchange& exchange, const Viewer& viewer) {
                 return setActive(directory, exchange, viewer, true);
               }),
      endpoint(Method::Patch, "/api/v1/users/{id}/deactivate", Access::Admin,
               [&](Exchange& exchange, const Viewer& viewer) {
                 return setActive(directory, exchange, viewer, false);
               }),
      endpoint(Method::Delete, "/api/v1/users/{id}", Access::Admin,
               [&](Exchange& exchange, const Viewer& viewer) {
                 return remove(directory, exchange, viewer);
               })};
}

}  // namespace reeld::api::v1
