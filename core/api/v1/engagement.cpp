#include "api/v1/engagement.h"

#include "api/endpoint.h"
#include "api/engagement_json.h"
#include "api/message.h"
#include "api/parameters.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

using engagement::Engagement;
using http::Access;
using http::Exchange;
using http::Method;
using http::Response;
using users::Viewer;

Response react(Engagement& engagement, const Exchange& exchange, const Viewer& viewer) {
  const auto id = pathId(exchange);
  const std::string_view type = exchange.routeParameter("type");
  const auto reaction = engagement::parseReaction(type);
  if (!reaction) {
    throw Error(ErrorCode::Invalid, "Invalid engagement type: it is LIKE or DISLIKE")
        .reason("invalid-engagement-type");
  }
  engagement.react(viewer, id, *reaction);
  return message(std::string(type) + " recorded");
}

Response withdraw(Engagement& engagement, const Exchange& exchange, const Viewer& viewer) {
  engagement.withdraw(viewer, pathId(exchange));
  return message("Engagement withdrawn");
}

http::Routes progressRoutes(const Guard& guard, Engagement& engagement) {
  return {
      endpoint(Method::Get, "/api/v1/videos/{id}/progress", Access::User,
               [&](Exchange& exchange, const Viewer& viewer) {
                 const auto id = pathId(exchange);
                 return Response::json(progressJson(id, engagement.progress(viewer, id)));
               }),
      jsonEndpoint(guard, Method::Post, "/api/v1/videos/{id}/progress", Access::User,
                   [&](Exchange& exchange, const Viewer& viewer, const Json& body) {
                     const auto id = pathId(exchange);
                     const auto report = readWatchReport(body);
                     return Response::json(progressJson(id, engagement.report(viewer, id, report)));
                   })};
}

}  // namespace

http::Routes engagementRoutes(const Guard& guard, Engagement& engagement) {
  http::Routes routes = progressRoutes(guard, engagement);
  routes.push_back(endpoint(Method::Get, "/api/v1/analytics/{id}", Access::User,
                            [&](Exchange& exchange, const Viewer& viewer) {
                              const auto id = pathId(exchange);
                              return Response::json(
                                  figuresJson(id, engagement.figures(viewer, id)));
                            }));
  routes.push_back(endpoint(Method::Get, "/api/v1/analytics/{id}/engagement", Access::User,
                            [&](Exchange& exchange, const Viewer& viewer) {
                              return Response::json(
                                  standingJson(engagement.standing(viewer, pathId(exchange))));
                            }));
  routes.push_back(endpoint(Method::Post, "/api/v1/analytics/{id}/engagement/{type}", Access::User,
                            [&](Exchange& exchange, const Viewer& viewer) {
                              return react(engagement, exchange, viewer);
                            }));
  routes.push_back(endpoint(Method::Delete, "/api/v1/analytics/{id}/engagement", Access::User,
                            [&](Exchange& exchange, const Viewer& viewer) {
                              return withdraw(engagement, exchange, viewer);
                            }));
  return routes;
}

}  // namespace reeld::api::v1
