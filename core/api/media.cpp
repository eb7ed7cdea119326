#include "api/media.h"

#include "api/blank_poster.h"
#include "api/granted_route.h"

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::Media;
using playback::Playback;

std::optional<Response> master(const Exchange&, const Media& media, Reach) {
  return playlistAnswer(media, "master", media.master, cachingOf(media));
}

std::optional<Response> index(const Exchange& exchange, const Media& media, Reach) {
  const auto* rendition = media.find(exchange.routeParameter("rendition"));
  if (rendition == nullptr) {
    return missing(media);
  }
  return playlistAnswer(media, rendition->name, rendition->index, cachingOf(media));
}

std::optional<Response> segment(MediaFiles& files, const Exchange& exchange, const Media& media,
                                Reach reach) {
  const auto* rendition = media.find(exchange.routeParameter("rendition"));
  const std::string* key =
      rendition == nullptr ? nullptr
                           : playback::segmentKey(*rendition, exchange.routeParameter("segment"));
  if (key == nullptr) {
    return missing(media);
  }
  return segmentAnswer(files, *key, reach, "video/mp2t", "private, max-age=31536000, immutable");
}

/// The id in video_ID.jpg.
std::int64_t posterOwner(std::string_view name) {
  constexpr std::string_view Start = "video_";
  constexpr std::string_view End = ".jpg";
  if (!name.starts_with(Start) || !name.ends_with(End) || name.size() < Start.size() + End.size()) {
    nothingHere();
  }
  name.remove_prefix(Start.size());
  name.remove_suffix(End.size());
  return pathNumber(name);
}

constexpr const char* PosterType = "image/jpeg";

Response posterAnswer(std::shared_ptr<const http::OpenFile> file, const http::SharedText& blank) {
  if (file) {
    return Response::file(std::move(file), PosterType);
  }
  Response response;
  response.content_type = PosterType;
  response.body = blank;
  response.header("ETag", "\"blank\"");
  return response;
}

/// Everybody may see it; what a browser says comes from another site may not embed it. Browsers say
/// where a request comes from to https and to localhost alone: a page that is opened by the number
/// of a machine in the local network says nothing, and Chromium takes two of its ports for two
/// sites.
const char* sharedWith(const Exchange& exchange) noexcept {
  return exchange.header("sec-fetch-site") == "cross-site" ? "same-site" : "cross-origin";
}

Response poster(Playback& playback, MediaFiles& files, const http::SharedText& blank,
                const Exchange& exchange) {
  const auto key = playback.posterKey(posterOwner(exchange.routeParameter("name")));
  if (!key) {
    nothingHere();
  }
  auto response = posterAnswer(key->empty() ? nullptr : files.loadIfThere(*key), blank);
  response.header("Cache-Control", "public, max-age=60");
  response.header("Cross-Origin-Resource-Policy", sharedWith(exchange));
  response.header("Vary", "Sec-Fetch-Site");
  return response;
}

http::Route posterRoute(Playback& playback, MediaFiles& files) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = "/media/thumbnails/{name}";
  route.access = http::Access::Public;
  route.handler = [&playback, &files, blank = blankPoster()](Exchange& exchange) {
    return poster(playback, files, blank, exchange);
  };
  return route;
}

}  // namespace

http::Routes mediaRoutes(Playback& playback, MediaFiles& files) {
  const std::string base = GrantedBase + "hls/";
  return {grantedRoute(playback, base + "master.m3u8", master),
          grantedRoute(playback, base + "{rendition}/index.m3u8", index),
          grantedRoute(playback, base + "{rendition}/{segment}",
                       [&files](const Exchange& exchange, const Media& media, Reach reach) {
                         return segment(files, exchange, media, reach);
                       }),
          posterRoute(playback, files)};
}

}  // namespace reeld::api
