#include "api/v1/users.h"

#include "api/body_fields.h"
#include "api/endpoint.h"
#include "api/parameters.h"
#include "api/user_json.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

constexpr std::int64_t DefaultLimit = 10;

http::Response list(users::Directory& directory, const http::Exchange& exchange) {
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
  JsonWriter json;
  json.beginObject().member("message", "User role updated to " + name).endObject();
  return http::Response::json(json.take());
}

}  // namespace

http::Routes userRoutes(const Guard& guard, users::Directory& directory) {
  return {
      endpoint(http::Method::Get, "/api/v1/users", http::Access::Admin,
               [&](http::Exchange& exchange, const users::Viewer&) {
                 return list(directory, exchange);
               }),
      jsonEndpoint(guard, http::Method::Patch, "/api/v1/users/{id}/role", http::Access::Admin,
                   [&](http::Exchange& exchange, const users::Viewer& viewer, const Json& body) {
                     return changeRole(directory, exchange, viewer, body);
                   })};
}

}  // namespace reeld::api::v1
