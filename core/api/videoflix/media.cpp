#include "api/videoflix/media.h"

#include "api/guard.h"
#include "api/media_answers.h"

#include <functional>
#include <string>

namespace reeld::api::videoflix {

namespace {

using http::Exchange;
using http::Response;
using playback::Media;
using playback::MediaRendition;

constexpr const char* Caching = "private, no-cache";

/// Nothing if what it needs is out of reach.
using Answer = std::function<std::optional<Response>(const Exchange&, const Media&, Reach)>;

/// Whose credential asks for which video; throws UNAUTHENTICATED, then NOT_FOUND.
playback::SessionAccess::Asked askedBy(const Exchange& exchange) {
  Guard::demandCredential(exchange);
  const http::Caller& caller = exchange.caller();
  return {*caller.user_id, caller.session_id, pathNumber(exchange.routeParameter("id"))};
}

/// Relative addresses are meant from the playlist's own, which may end in a slash here.
http::SharedText addressedFrom(const Exchange& exchange, const http::SharedText& playlist) {
  if (!exchange.path().ends_with('/')) {
    return playlist;
  }
  std::string text;
  for (std::size_t at = 0; at < playlist->size();) {
    const std::size_t end = std::min(playlist->find('\n', at), playlist->size() - 1) + 1;
    text.append((*playlist)[at] == '#' ? "" : "../").append(*playlist, at, end - at);
    at = end;
  }
  return std::make_shared<const std::string>(std::move(text));
}

const MediaRendition& renditionOf(const Exchange& exchange, const Media& media) {
  const auto* rendition = media.closest(exchange.routeParameter("resolution"));
  if (rendition == nullptr) {
    nothingHere();
  }
  return *rendition;
}

std::optional<Response> master(const Exchange& exchange, const Media& media, Reach) {
  return playlistAnswer(media, "master", addressedFrom(exchange, media.master), Caching);
}

std::optional<Response> index(const Exchange& exchange, const Media& media, Reach) {
  const MediaRendition& rendition = renditionOf(exchange, media);
  return playlistAnswer(media, rendition.name, addressedFrom(exchange, rendition.index), Caching);
}

std::optional<Response> segment(MediaFiles& files, const Exchange& exchange, const Media& media,
                                Reach reach) {
  const std::string* key =
      segmentKey(renditionOf(exchange, media), exchange.routeParameter("file"));
  if (key == nullptr) {
    nothingHere();
  }
  return segmentAnswer(files, *key, reach, "video/MP2T", Caching);
}

}  // namespace

http::Routes mediaRoutes(playback::SessionAccess& access, playback::Playback& playback,
                         MediaFiles& files) {
  const auto route = [&](const char* below, const Answer& answer) {
    http::Route made;
    made.method = http::Method::Get;
    made.pattern = std::string("/api/video/{id}/") + below;
    made.lane = http::Lane::Inline;
    made.access = http::Access::Public;
    made.inline_handler = [&access, &playback,
                           answer](Exchange& exchange) -> std::optional<Response> {
      const auto encoding = access.find(askedBy(exchange));
      const auto media = encoding ? playback.find(*encoding) : nullptr;
      return media ? answer(exchange, *media, Reach::Memory) : std::nullopt;
    };
    made.handler = [&access, &playback, answer](Exchange& exchange) {
      const auto asked = askedBy(exchange);
      const auto known = access.find(asked);
      const std::int64_t encoding = known ? *known : access.demand(asked);
      auto media = playback.find(encoding);
      if (!media) {
        media = playback.load(encoding);
      }
      return *answer(exchange, *media, Reach::Storage);
    };
    return made;
  };
  return {route("master.m3u8", master), route("{resolution}/index.m3u8", index),
          route("{resolution}/{file}",
                [&files](const Exchange& exchange, const Media& media, Reach reach) {
                  return segment(files, exchange, media, reach);
                })};
}

}  // namespace reeld::api::videoflix
