#include "api/v1/streams.h"

#include "api/endpoint.h"
#include "api/media_answers.h"
#include "api/parameters.h"
#include "api/storyboard.h"
#include "base/error.h"
#include "playback/cmaf_playlist.h"
#include "playback/dash_manifest.h"

#include <functional>

namespace reeld::api::v1 {

namespace {

using http::Response;

Response link(playback::Playback& playback, const http::Exchange& exchange,
              const users::Viewer& viewer) {
  const auto ticket = playback.issueTicket(viewer, pathId(exchange));
  const std::string url = "/api/v1/stream/play/" + ticket.token;
  JsonWriter json;
  json.beginObject().member("stream_url", url).key("storyboard_url");
  ticket.has_storyboard ? json.value(url + "/storyboard.vtt") : json.null();
  json.member("expires_in_seconds", playback::PlayTokenMs / 1000).endObject();
  auto response = Response::json(json.take());
  response.header("Cache-Control", "no-store");
  return response;
}

enum class Format { HlsTs, HlsCmaf, Dash };

/// ?format= decides; else a player that asks for DASH, before any playlist, gets it.
Format formatOf(const http::Exchange& exchange, bool has_cmaf) {
  const auto asked = exchange.queryValue("format");
  if (!asked) {
    const std::string_view accept = exchange.header("accept");
    const auto dash = accept.find(playback::DashType);
    const bool prefers_dash = dash != std::string_view::npos && accept.find("mpegurl") > dash;
    return has_cmaf && prefers_dash ? Format::Dash : Format::HlsTs;
  }
  if (*asked == "hls-ts") {
    return Format::HlsTs;
  }
  const bool is_known = *asked == "dash" || *asked == "hls-cmaf";
  if (!is_known || !has_cmaf) {
    throw Error(ErrorCode::Invalid,
                is_known ? "this site does not play that format"
                         : "format is none that videos are played in: hls-ts, hls-cmaf or dash")
        .reason("format-unknown");
  }
  return *asked == "dash" ? Format::Dash : Format::HlsCmaf;
}

Response play(playback::Playback& playback, const http::Exchange& exchange, bool has_cmaf) {
  const Format format = formatOf(exchange, has_cmaf);
  auto redeemed = playback.redeem(exchange.routeParameter("token"));
  const std::string cmaf = redeemed.media_url + "cmaf/";
  std::string text;
  switch (format) {
    case Format::HlsTs:
      text = std::move(redeemed.master);
      break;
    case Format::HlsCmaf:
      text = playback::cmafMaster(*redeemed.media, cmaf);
      break;
    case Format::Dash:
      if (!redeemed.media->complete) {
        throw Error(ErrorCode::Invalid,
                    "this video is still being made: as DASH it plays once it is ready, as HLS now")
            .reason("video-not-ready");
      }
      text = playback::dashManifest(*redeemed.media, cmaf);
      break;
  }
  auto response =
      Response::text(std::move(text), format == Format::Dash ? playback::DashType : PlaylistType);
  response.header("Cache-Control", "private, no-store");
  response.header("Vary", "Accept");
  return response;
}

Response storyboard(playback::Playback& playback, MediaFiles& files,
                    const http::Exchange& exchange) {
  const auto redeemed = playback.redeem(exchange.routeParameter("token"));
  auto response = StoryboardAnswers(playback, files)
                      .text(*redeemed.media, Reach::Storage,
                            {redeemed.media_url + "storyboard/", ""}, "private, no-store");
  if (!response) {
    nothingHere();
  }
  return std::move(*response);
}

/// The token is all that is asked for.
http::Route tokenRoute(const char* below, std::function<Response(http::Exchange&)> handler) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = std::string("/api/v1/stream/play/{token}") + below;
  route.access = http::Access::Public;
  route.secret_parameters = {"token"};
  route.handler = std::move(handler);
  return route;
}

}  // namespace

http::Routes streamRoutes(playback::Playback& playback, MediaFiles& files, bool has_cmaf) {
  return {
      endpoint(http::Method::Get, "/api/v1/stream/{id}", http::Access::User,
               [&](http::Exchange& exchange, const users::Viewer& viewer) {
                 return link(playback, exchange, viewer);
               }),
      tokenRoute("", [&playback, has_cmaf](
                         http::Exchange& exchange) { return play(playback, exchange, has_cmaf); }),
      tokenRoute("/storyboard.vtt", [&playback, &files](http::Exchange& exchange) {
        return storyboard(playback, files, exchange);
      })};
}

}  // namespace reeld::api::v1
