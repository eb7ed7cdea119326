#include "api/media.h"

#include "api/blank_poster.h"
#include "api/media_answers.h"

#include <functional>

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::Media;
using playback::Playback;

/// Nothing if what it needs is out of reach.
using Answer = std::function<std::optional<Response>(const Exchange&, const Media&, Reach)>;

/// The encoding the URL names, once its grant is checked.
std::int64_t grantedEncoding(const Playback& playback, const Exchange& exchange) {
  const std::int64_t encoding = pathNumber(exchange.routeParameter("encoding"));
  demandGrant(playback.checkGrant(exchange.routeParameter("grant"), encoding));
  return encoding;
}

http::Route grantedRoute(Playback& playback, std::string pattern, Answer answer) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = std::move(pattern);
  route.lane = http::Lane::Inline;
  route.logged = false;
  route.access = http::Access::Public;
  route.secret_parameters = {"grant"};
  route.inline_handler = [&playback, answer](Exchange& exchange) -> std::optional<Response> {
    const auto media = playback.find(grantedEncoding(playback, exchange));
    return media ? answer(exchange, *media, Reach::Memory) : std::nullopt;
  };
  route.handler = [&playback, answer](Exchange& exchange) {
    const std::int64_t encoding = grantedEncoding(playback, exchange);
    auto media = playback.find(encoding);
    // What still grows may have grown since it was read.
    if (!media || !media->complete) {
      media = playback.load(encoding);
    }
    auto response = answer(exchange, *media, Reach::Storage);
    if (!response) {
      nothingHere();
    }
    return std::move(*response);
  };
  return route;
}

const char* cachingOf(const Media& media) {
  return media.complete ? "private, max-age=300" : "private, no-cache";
}

/// What is not there may yet come while the encoding grows; of a complete one it never will.
std::nullopt_t missing(const Media& media) {
  if (media.complete) {
    nothingHere();
  }
  return std::nullopt;
}

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
  const std::string base = "/media/g/{grant}/{encoding}/hls/";
  return {grantedRoute(playback, base + "master.m3u8", master),
          grantedRoute(playback, base + "{rendition}/index.m3u8", index),
          grantedRoute(playback, base + "{rendition}/{segment}",
                       [&files](const Exchange& exchange, const Media& media, Reach reach) {
                         return segment(files, exchange, media, reach);
                       }),
          posterRoute(playback, files)};
}

}  // namespace reeld::api
