#include "api/endpoint.h"

#include "api/body_fields.h"

namespace reeld::api {

http::Route endpoint(http::Method method, std::string pattern, http::Access access,
                     ViewerHandler handler) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.access = access;
  route.handler = [handler = std::move(handler)](http::Exchange& exchange) {
    return handler(exchange, viewerOf(exchange));
  };
  return route;
}

http::Route jsonEndpoint(const Guard& guard, http::Method method, std::string pattern,
                         http::Access access, JsonHandler handler) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.access = access;
  route.guards_itself = true;
  route.handler = [&guard, access, handler = std::move(handler)](http::Exchange& exchange) {
    const Json body = readJsonObject(exchange);
    return handler(exchange, guard.admit(exchange, access), body);
  };
  return route;
}

http::Route preparedRoute(http::Method method, std::string pattern, http::Lane lane,
                          std::function<http::Prepared(http::Exchange&)> prepare) {
  http::Route route = openRoute(method, std::move(pattern), lane, {});
  route.prepare = std::move(prepare);
  return route;
}

http::Route openRoute(http::Method method, std::string pattern, http::Lane lane,
                      std::function<http::Response(http::Exchange&)> handler) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.lane = lane;
  route.access = http::Access::Public;
  route.handler = std::move(handler);
  return route;
}

}  // namespace reeld::api
