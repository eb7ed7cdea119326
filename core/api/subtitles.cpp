#include "api/subtitles.h"

#include "api/granted_route.h"
#include "webvtt/cue_sheet.h"

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::Media;

std::optional<Response> subtitleIndex(const Exchange& exchange, const Media& media, Reach) {
  const auto* track = playback::findSubtitles(media, exchange.routeParameter("track"));
  if (track == nullptr) {
    return missing(media);
  }
  return playlistAnswer(media, "subtitles-" + std::to_string(track->number),
                        std::make_shared<const std::string>(playback::subtitlePlaylist(media)),
                        cachingOf(media));
}

/// "all.vtt" or a piece; nothing for any other name.
std::optional<SubtitleFiles::Wanted> wantedOf(const Exchange& exchange, const Media& media,
                                              CueClock clock) {
  const auto* track = playback::findSubtitles(media, exchange.routeParameter("track"));
  if (track == nullptr) {
    return std::nullopt;
  }
  const std::string_view name = exchange.routeParameter("file");
  if (name == "all.vtt") {
    return SubtitleFiles::Wanted{*track, CueClock::None, std::nullopt};
  }
  const auto piece = playback::subtitlePieceNumber(name, playback::subtitlePieces(media).size());
  return piece ? std::optional(SubtitleFiles::Wanted{*track, clock, piece}) : std::nullopt;
}

std::optional<Response> file(SubtitleFiles& files, CueClock clock, const Exchange& exchange,
                             const Media& media, Reach reach) {
  const auto wanted = wantedOf(exchange, media, clock);
  if (!wanted) {
    return missing(media);
  }
  auto found = files.find(*wanted);
  if (!found && reach == Reach::Storage) {
    found = files.load(media, *wanted);
  }
  if (!found) {
    return std::nullopt;
  }
  auto response = Response::file(std::move(found), webvtt::CueSheet::Type);
  response.header("Cache-Control", "private, max-age=31536000, immutable");
  return response;
}

}  // namespace

http::Routes subtitleRoutes(playback::Playback& playback, SubtitleFiles& files,
                            Packaging packaging) {
  const bool is_cmaf = packaging == Packaging::Cmaf;
  const std::string base = GrantedBase + (is_cmaf ? "cmaf" : "hls") + "/subtitles/{track}/";
  const CueClock clock = is_cmaf ? CueClock::Cmaf : CueClock::TransportStream;
  return {grantedRoute(playback, base + "index.m3u8", subtitleIndex),
          grantedRoute(playback, base + "{file}",
                       [&files, clock](const Exchange& exchange, const Media& media, Reach reach) {
                         return file(files, clock, exchange, media, reach);
                       })};
}

}  // namespace reeld::api
