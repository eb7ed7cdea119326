#include "api/v1/videos.h"

#include "api/endpoint.h"
#include "api/message.h"
#include "api/parameters.h"
#include "api/video_fields.h"
#include "api/video_json.h"
#include "api/video_parameters.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

using http::Access;
using http::Exchange;
using http::Method;
using http::Response;
using users::Viewer;

Response list(catalog::Catalog& catalog, const Exchange& exchange, const Viewer& viewer) {
  const Window window = readWindow(exchange);
  const auto page = catalog.list(viewer, readVideoQuery(exchange), window.skip, window.limit);
  auto response = Response::json(videosJson(page.videos, viewer));
  addWindowHeaders(response, "/api/v1/videos/", window, page.total, filtersOf(exchange),
                   page.total_is_exact);
  return response;
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

http::Routes videoRoutes(const Guard& guard, catalog::Catalog& catalog) {
  return {
      endpoint(Method::Get, "/api/v1/videos", Access::User,
               [&](Exchange& exchange, const Viewer& viewer) {
                 return list(catalog, exchange, viewer);
               }),
      endpoint(Method::Get, "/api/v1/videos/{id}", Access::User,
               [&](Exchange& exchange, const Viewer& viewer) {
                 return Response::json(videoJson(catalog.get(viewer, pathId(exchange)), viewer));
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
