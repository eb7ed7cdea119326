#include "api/videoflix/media.h"

#include "api/guard.h"
#include "api/media_answers.h"
#include "api/storyboard.h"
#include "base/error.h"

#include <algorithm>
#include <charconv>
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

/// What a playlist's addresses end in: which encoding they are of, so that who watches sees one
/// version to its end, whatever becomes the current one meanwhile.
constexpr std::string_view Pin = "encoding";

/// The encoding that the address was made for; nothing if it names none.
std::optional<std::int64_t> pinned(const Exchange& exchange) {
  if (exchange.query().empty()) {
    return std::nullopt;
  }
  const std::string text = exchange.queryValue(Pin).value_or("");
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failure == std::errc() && end == text.data() + text.size() && id > 0 ? std::optional(id)
                                                                              : std::nullopt;
}

/// Only what was finished once, and is of this video, can be gone on with.
bool isOfVideo(const Media& media, std::int64_t video) noexcept {
  return media.complete && media.video_id == video;
}

/// The playlist with addresses of this encoding. Relative ones are meant from the playlist's own
/// address, which may end in a slash here.
http::SharedText addressedFrom(const Exchange& exchange, const Media& media,
                               const std::string& playlist) {
  const std::string_view above = exchange.path().ends_with('/') ? "../" : "";
  const std::string pin = "?" + std::string(Pin) + "=" + std::to_string(media.encoding_id);
  std::string text;
  for (std::size_t at = 0; at < playlist.size();) {
    const std::size_t end = std::min(playlist.find('\n', at), playlist.size());
    const std::string_view line(playlist.data() + at, end - at);
    if (line.empty() || line.front() == '#') {
      text.append(line);
    } else {
      text.append(above).append(line).append(pin);
    }
    text += '\n';
    at = end + 1;
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
  return playlistAnswer(media, "master", addressedFrom(exchange, media, *media.master), Caching);
}

std::optional<Response> index(const Exchange& exchange, const Media& media, Reach) {
  const MediaRendition& rendition = renditionOf(exchange, media);
  return playlistAnswer(media, rendition.name, addressedFrom(exchange, media, *rendition.index),
                        Caching);
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

/// Addressed as a playlist's segments are.
playback::SheetAddress sheetsFrom(const Exchange& exchange, const Media& media) {
  return {exchange.path().ends_with('/') ? "../" : "",
          "?" + std::string(Pin) + "=" + std::to_string(media.encoding_id)};
}

/// A complete one: what still grew a second ago may be the current encoding now.
std::shared_ptr<const Media> findOrLoad(playback::Playback& playback, std::int64_t encoding) {
  auto media = playback.find(encoding);
  if (!media || !media->complete) {
    media = playback.load(encoding);
  }
  if (!media->complete) {
    nothingHere();
  }
  return media;
}

/// The pinned encoding while it is there, else the current one.
std::shared_ptr<const Media> mediaFor(playback::Playback& playback, std::int64_t video,
                                      std::int64_t current, std::optional<std::int64_t> pin) {
  if (pin && *pin != current) {
    try {
      auto media = findOrLoad(playback, *pin);
      if (isOfVideo(*media, video)) {
        return media;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::NotFound) {
        throw;
      }
    }
  }
  return findOrLoad(playback, current);
}

Response answerOf(const Answer& answer, const Exchange& exchange, playback::Playback& playback,
                  std::int64_t video, std::int64_t current) {
  const auto media = mediaFor(playback, video, current, pinned(exchange));
  auto response = answer(exchange, *media, Reach::Storage);
  if (!response) {
    // Replaced long ago and cleared away: whoever comes next is not sent there again.
    playback.drop(media->encoding_id);
    if (media->encoding_id != current) {
      response = answer(exchange, *findOrLoad(playback, current), Reach::Storage);
    }
  }
  if (!response) {
    nothingHere();
  }
  return std::move(*response);
}

}  // namespace

http::Routes mediaRoutes(playback::SessionAccess& access, playback::Playback& playback,
                         MediaFiles& files) {
  const auto route = [&](const char* below, const Answer& answer) {
    http::Route made;
    made.method = http::Method::Get;
    made.pattern = std::string("/api/video/{id}/") + below;
    made.lane = http::Lane::Inline;
    made.logged = false;
    made.access = http::Access::Public;
    made.inline_handler = [&access, &playback,
                           answer](Exchange& exchange) -> std::optional<Response> {
      const auto asked = askedBy(exchange);
      const auto current = access.find(asked);
      const auto media = current ? playback.find(pinned(exchange).value_or(*current)) : nullptr;
      const bool usable = media && isOfVideo(*media, asked.video);
      return usable ? answer(exchange, *media, Reach::Memory) : std::nullopt;
    };
    made.handler = [&access, &playback, answer](Exchange& exchange) {
      const auto asked = askedBy(exchange);
      const auto known = access.find(asked);
      const std::int64_t current = known ? *known : access.demand(asked);
      return answerOf(answer, exchange, playback, asked.video, current);
    };
    return made;
  };
  const StoryboardAnswers boards(playback, files);
  return {route("master.m3u8", master), route("{resolution}/index.m3u8", index),
          route("storyboard/index.vtt",
                [boards](const Exchange& exchange, const Media& media, Reach reach) {
                  return boards.text(media, reach, sheetsFrom(exchange, media), Caching);
                }),
          route("storyboard/{sheet}",
                [boards](const Exchange& exchange, const Media& media, Reach reach) {
                  return boards.sheet(exchange.routeParameter("sheet"), media, reach, Caching);
                }),
          route("{resolution}/{file}",
                [&files](const Exchange& exchange, const Media& media, Reach reach) {
                  return segment(files, exchange, media, reach);
                })};
}

}  // namespace reeld::api::videoflix
