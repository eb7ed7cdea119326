#include "api/cmaf.h"

#include "api/granted_route.h"
#include "playback/cmaf_playlist.h"
#include "playback/dash_manifest.h"

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::CmafTrack;
using playback::Media;

Response text(const Media& media, std::string_view name, std::string content,
              const char* content_type) {
  auto response = playlistAnswer(
      media, name, std::make_shared<const std::string>(std::move(content)), cachingOf(media));
  response.content_type = content_type;
  return response;
}

/// Texts are put together for each request, which takes longer than a loop should wait.
template <class Make>
MediaAnswer onWorker(Make make) {
  return
      [make](const Exchange& exchange, const Media& media, Reach reach) -> std::optional<Response> {
        return reach == Reach::Memory ? std::nullopt : make(exchange, media);
      };
}

std::optional<Response> fragmentedMaster(const Exchange&, const Media& media) {
  return text(media, "cmaf", playback::cmafMaster(media, ""), PlaylistType);
}

std::optional<Response> manifest(const Exchange&, const Media& media) {
  if (!media.complete) {
    return std::nullopt;
  }
  return text(media, "dash", playback::dashManifest(media, ""), playback::DashType);
}

std::optional<Response> fragmentedIndex(const Exchange& exchange, const Media& media) {
  const auto track = playback::findCmafTrack(media, exchange.routeParameter("rendition"));
  if (!track) {
    return missing(media);
  }
  return text(media, "cmaf-" + track->name, playback::cmafIndex(media, *track), PlaylistType);
}

std::optional<Response> fragmentedSegment(CmafFiles& files, const Exchange& exchange,
                                          const Media& media, Reach reach) {
  const auto track = playback::findCmafTrack(media, exchange.routeParameter("rendition"));
  if (!track || track->stored->segment_keys.empty()) {
    return missing(media);
  }
  const std::string_view name = exchange.routeParameter("segment");
  const bool is_init = name == "init.mp4";
  const auto number = is_init ? std::nullopt : playback::cmafSegment(*track, name);
  if (!is_init && !number) {
    return missing(media);
  }
  auto file = number ? files.findSegment(*track, *number) : files.findInit(*track);
  if (!file && reach == Reach::Storage) {
    file = number ? files.loadSegment(media, *track, *number) : files.loadInit(media, *track);
  }
  if (!file) {
    return std::nullopt;
  }
  auto response = Response::file(std::move(file), track->is_sound ? "audio/mp4" : "video/mp4");
  response.header("Cache-Control", "private, max-age=31536000, immutable");
  return response;
}

}  // namespace

http::Routes cmafRoutes(playback::Playback& playback, CmafFiles& files) {
  const std::string base = GrantedBase + "cmaf/";
  return {grantedRoute(playback, base + "master.m3u8", onWorker(fragmentedMaster)),
          grantedRoute(playback, base + "manifest.mpd", onWorker(manifest)),
          grantedRoute(playback, base + "{rendition}/index.m3u8", onWorker(fragmentedIndex)),
          grantedRoute(playback, base + "{rendition}/{segment}",
                       [&files](const Exchange& exchange, const Media& media, Reach reach) {
                         return fragmentedSegment(files, exchange, media, reach);
                       })};
}

}  // namespace reeld::api
