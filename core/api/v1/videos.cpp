#include "api/v1/videos.h"

#include "api/endpoint.h"
#include "api/message.h"
#include "api/parameters.h"
#include "api/tagged_json.h"
#include "api/video_fields.h"
#include "api/video_json.h"
#include "api/video_parameters.h"
#include "base/error.h"

#include <algorithm>

namespace reeld::api::v1 {

namespace {

using http::Access;
using http::Exchange;
using http::Method;
using http::Response;
using users::Viewer;

/// Every VIEWER reads it alike: all see the same videos, and of a failure only the owner is told.
bool isShared(const catalog::VideoPage& page, const Viewer& viewer) {
  return viewer.role == users::Role::Viewer &&
         std::none_of(page.videos.begin(), page.videos.end(),
                      [](const catalog::Video& video) { return video.failure.has_value(); });
}

/// What the others read, too; nothing if there is no such page, or the viewer reads one of his own.
std::optional<Response> sharedPage(const SharedPages& pages, const Exchange& exchange,
                                   const Viewer& viewer) {
  return viewer.role == users::Role::Viewer ? pages.find(exchange.query()) : std::nullopt;
}

Response listVideos(catalog::Catalog& catalog, SharedPages& pages, const Exchange& exchange,
                    const Viewer& viewer) {
  const auto moment = pages.now();
  if (auto known = sharedPage(pages, exchange, viewer)) {
    return std::move(*known);
  }
  const Window window = readWindow(exchange);
  const auto page = catalog.list(viewer, readVideoQuery(exchange), window.skip, window.limit);
  auto response = Response::json(videosJson(page.videos, viewer));
  addWindowHeaders(response, "/api/v1/videos/", window, page.total, filtersOf(exchange),
                   page.total_is_exact);
  return isShared(page, viewer) ? pages.keep(exchange.query(), moment, std::move(response))
                                : std::move(response);
}

http::Route listRoute(const Guard& guard, catalog::Catalog& catalog, SharedPages& pages) {
  http::Route route = endpoint(Method::Get, "/api/v1/videos", Access::User,
                               [&](Exchange& exchange, const Viewer& viewer) {
                                 return listVideos(catalog, pages, exchange, viewer);
                               });
  route.lane = http::Lane::Inline;
  route.inline_handler = [&](Exchange& exchange) -> std::optional<Response> {
    const auto viewer = guard.known(exchange);
    return viewer ? sharedPage(pages, exchange, *viewer) : std::nullopt;
  };
  return route;
}

Response update(catalog::Catalog& catalog, const Exchange& exchange, const Viewer& viewer,
                const Json& body) {
  const auto id = pathId(exchange);
  return Response::json(videoJson(catalog.update(viewer, id, readChange(body)), viewer));
}

Response setStatus(catalog::Catalog& catalog, const Exchange& exchange, const Viewer& viewer,
                   const Json& body) {
  const auto id = pathId(exchange);
  BodyFields fields(body);
  const auto state = catalog::parseVideoState(fields.requiredText("status"));
  fields.check();
  if (!state) {
    const auto video = catalog.get(viewer, id);
    throw Error(ErrorCode::Invalid, "Invalid status transition from " +
                                        std::string(catalog::word(video.state)) +
                                        ": the status is UPLOADED, PROCESSING, READY or FAILED")
        .reason("invalid-transition");
  }
  return Response::json(videoJson(catalog.forceState(viewer, id, *state), viewer));
}

}  // namespace

http::Routes videoRoutes(const Guard& guard, catalog::Catalog& catalog, SharedPages& pages) {
  return {listRoute(guard, catalog, pages),
          endpoint(Method::Get, "/api/v1/videos/{id}", Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     return taggedJson(videoJson(catalog.get(viewer, pathId(exchange)), viewer));
                   }),
          jsonEndpoint(guard, Method::Put, "/api/v1/videos/{id}", Access::User,
                       [&](Exchange& exchange, const Viewer& viewer, const Json& body) {
                         return update(catalog, exchange, viewer, body);
                       }),
          endpoint(Method::Delete, "/api/v1/videos/{id}", Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     catalog.remove(viewer, pathId(exchange));
                     return message("Video soft deleted");
                   }),
          endpoint(Method::Patch, "/api/v1/videos/{id}/restore", Access::Admin,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     catalog.restore(viewer, pathId(exchange));
                     return message("Video restored");
                   }),
          jsonEndpoint(guard, Method::Patch, "/api/v1/videos/{id}/status", Access::Admin,
                       [&](Exchange& exchange, const Viewer& viewer, const Json& body) {
                         return setStatus(catalog, exchange, viewer, body);
                       })};
}

}  // namespace reeld::api::v1
