#include "api/media.h"

#include "base/error.h"

#include <charconv>

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::Media;
using playback::Playback;

/// Answers from what is in memory, or nothing. On a worker it may load what is missing.
using Answer = std::function<std::optional<Response>(const Exchange&, const Media&, bool may_load)>;

[[noreturn]] void notFound() { throw Error(ErrorCode::NotFound, "there is nothing at this path"); }

std::int64_t numberOf(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number < 1) {
    notFound();
  }
  return number;
}

/// The encoding the URL names, once its grant is checked.
std::int64_t grantedEncoding(const Playback& playback, const Exchange& exchange) {
  const std::int64_t encoding = numberOf(exchange.routeParameter("encoding"));
  demandGrant(playback.checkGrant(exchange.routeParameter("grant"), encoding));
  return encoding;
}

http::Route grantedRoute(Playback& playback, std::string pattern, Answer answer) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = std::move(pattern);
  route.lane = http::Lane::Inline;
  route.access = http::Access::Public;
  route.secret_parameters = {"grant"};
  route.inline_handler = [&playback, answer](Exchange& exchange) -> std::optional<Response> {
    const auto media = playback.find(grantedEncoding(playback, exchange));
    return media ? answer(exchange, *media, false) : std::nullopt;
  };
  route.handler = [&playback, answer](Exchange& exchange) {
    const std::int64_t encoding = grantedEncoding(playback, exchange);
    auto media = playback.find(encoding);
    // What still grows may have grown since it was read.
    if (!media || !media->complete) {
      media = playback.load(encoding);
    }
    auto response = answer(exchange, *media, true);
    if (!response) {
      notFound();
    }
    return std::move(*response);
  };
  return route;
}

/// A playlist only ever grows, so its size tells one state from the next.
Response playlist(const Media& media, std::string_view name, const http::SharedText& text) {
  Response response;
  response.content_type = PlaylistType;
  response.body = text;
  response.header("ETag", "\"" + std::to_string(media.encoding_id) + "-" + std::string(name) + "-" +
                              std::to_string(text->size()) + "\"");
  response.header("Cache-Control", media.complete ? "private, max-age=300" : "private, no-cache");
  return response;
}

/// What is not there may yet come while the encoding grows; of a complete one it never will.
std::nullopt_t missing(const Media& media) {
  if (media.complete) {
    notFound();
  }
  return std::nullopt;
}

std::optional<Response> master(const Exchange&, const Media& media, bool) {
  return playlist(media, "master", media.master);
}

std::optional<Response> index(const Exchange& exchange, const Media& media, bool) {
  const auto* rendition = media.find(exchange.routeParameter("rendition"));
  if (rendition == nullptr) {
    return missing(media);
  }
  return playlist(media, rendition->name, rendition->index);
}

std::optional<Response> segment(MediaFiles& files, const Exchange& exchange, const Media& media,
                                bool may_load) {
  const auto* rendition = media.find(exchange.routeParameter("rendition"));
  const std::string* key =
      rendition == nullptr ? nullptr
                           : playback::segmentKey(*rendition, exchange.routeParameter("segment"));
  if (key == nullptr) {
    return missing(media);
  }
  auto file = files.find(*key);
  if (!file) {
    if (!may_load) {
      return std::nullopt;
    }
    file = files.load(*key);
  }
  auto response = Response::file(std::move(file), "video/mp2t");
  response.header("Cache-Control", "private, max-age=31536000, immutable");
  return response;
}

/// The id in video_ID.jpg.
std::int64_t posterOwner(std::string_view name) {
  constexpr std::string_view Start = "video_";
  constexpr std::string_view End = ".jpg";
  if (!name.starts_with(Start) || !name.ends_with(End) || name.size() < Start.size() + End.size()) {
    notFound();
  }
  name.remove_prefix(Start.size());
  name.remove_suffix(End.size());
  return numberOf(name);
}

Response poster(Playback& playback, MediaFiles& files, const Exchange& exchange) {
  const auto key = playback.posterKey(posterOwner(exchange.routeParameter("name")));
  if (!key) {
    notFound();
  }
  auto response = Response::file(files.load(*key), "image/jpeg");
  response.header("Cache-Control", "public, max-age=60");
  response.header("Cross-Origin-Resource-Policy", "same-site");
  return response;
}

http::Route posterRoute(Playback& playback, MediaFiles& files) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = "/media/thumbnails/{name}";
  route.access = http::Access::Public;
  route.handler = [&](Exchange& exchange) { return poster(playback, files, exchange); };
  return route;
}

}  // namespace

http::Routes mediaRoutes(Playback& playback, MediaFiles& files) {
  const std::string base = "/media/g/{grant}/{encoding}/hls/";
  return {grantedRoute(playback, base + "master.m3u8", master),
          grantedRoute(playback, base + "{rendition}/index.m3u8", index),
          grantedRoute(playback, base + "{rendition}/{segment}",
                       [&files](const Exchange& exchange, const Media& media, bool may_load) {
                         return segment(files, exchange, media, may_load);
                       }),
          posterRoute(playback, files)};
}

}  // namespace reeld::api
