#include "api/v1/streams.h"

#include "api/endpoint.h"
#include "api/media_answers.h"
#include "api/parameters.h"

namespace reeld::api::v1 {

namespace {

using http::Response;

Response link(playback::Playback& playback, const http::Exchange& exchange,
              const users::Viewer& viewer) {
  const auto token = playback.issueToken(viewer, pathId(exchange));
  JsonWriter json;
  json.beginObject()
      .member("stream_url", "/api/v1/stream/play/" + token)
      .member("expires_in_seconds", playback::PlayTokenMs / 1000)
      .endObject();
  auto response = Response::json(json.take());
  response.header("Cache-Control", "no-store");
  return response;
}

Response play(playback::Playback& playback, const http::Exchange& exchange) {
  auto redeemed = playback.redeem(exchange.routeParameter("token"));
  auto response = Response::text(std::move(redeemed.master), PlaylistType);
  response.header("Cache-Control", "private, no-store");
  return response;
}

}  // namespace

http::Routes streamRoutes(playback::Playback& playback) {
  http::Route player;
  player.method = http::Method::Get;
  player.pattern = "/api/v1/stream/play/{token}";
  player.access = http::Access::Public;
  player.secret_parameters = {"token"};
  player.handler = [&](http::Exchange& exchange) { return play(playback, exchange); };
  return {endpoint(http::Method::Get, "/api/v1/stream/{id}", http::Access::User,
                   [&](http::Exchange& exchange, const users::Viewer& viewer) {
                     return link(playback, exchange, viewer);
                   }),
          std::move(player)};
}

}  // namespace reeld::api::v1
