#include "api/v1/rework.h"

#include "api/endpoint.h"
#include "api/parameters.h"
#include "api/video_json.h"

namespace reeld::api::v1 {

namespace {

using http::Exchange;
using http::Response;
using users::Viewer;

}  // namespace

http::Routes reworkRoutes(catalog::Rework& rework) {
  return {endpoint(http::Method::Post, "/api/v1/videos/{id}/requeue", http::Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     const auto video = rework.requeue(viewer, pathId(exchange));
                     return Response::json(videoJson(video, viewer));
                   }),
          endpoint(http::Method::Post, "/api/v1/videos/{id}/reprocess", http::Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     const auto video = rework.reprocess(viewer, pathId(exchange));
                     return Response::json(videoJson(video, viewer));
                   })};
}

}  // namespace reeld::api::v1
