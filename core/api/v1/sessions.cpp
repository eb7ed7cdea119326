#include "api/v1/sessions.h"

#include "api/endpoint.h"
#include "api/message.h"
#include "api/parameters.h"
#include "api/user_json.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

http::Response listSessions(users::Sessions& sessions, const http::Exchange& exchange,
                            const users::Viewer& viewer) {
  const Window window = readWindow(exchange);
  const auto page = sessions.list(viewer.user_id, window.skip, window.limit);
  auto response = http::Response::json(sessionsJson(page.sessions, viewer.session_id));
  addWindowHeaders(response, "/api/v1/auth/sessions/", window, page.total);
  return response;
}

http::Response endOne(users::Sessions& sessions, const http::Exchange& exchange,
                      const users::Viewer& viewer) {
  if (!sessions.end(viewer.user_id, std::string(exchange.routeParameter("id")))) {
    throw Error(ErrorCode::NotFound, "you have no such session");
  }
  return message("Session ended");
}

http::Response endAll(users::Sessions& sessions, const users::Viewer& viewer) {
  sessions.endAll(viewer.user_id);
  return message("Signed out everywhere");
}

}  // namespace

http::Routes sessionRoutes(users::Sessions& sessions) {
  using http::Access;
  using http::Exchange;
  using http::Method;
  using users::Viewer;
  return {endpoint(Method::Get, "/api/v1/auth/sessions", Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     return listSessions(sessions, exchange, viewer);
                   }),
          endpoint(Method::Delete, "/api/v1/auth/sessions", Access::User,
                   [&](Exchange&, const Viewer& viewer) { return endAll(sessions, viewer); }),
          endpoint(Method::Delete, "/api/v1/auth/sessions/{id}", Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     return endOne(sessions, exchange, viewer);
                   })};
}

}  // namespace reeld::api::v1
