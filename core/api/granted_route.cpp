#include "api/granted_route.h"

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::Playback;

/// The encoding the URL names, once its grant is checked.
std::int64_t grantedEncoding(const Playback& playback, const Exchange& exchange) {
  const std::int64_t encoding = pathNumber(exchange.routeParameter("encoding"));
  demandGrant(playback.checkGrant(exchange.routeParameter("grant"), encoding));
  return encoding;
}

}  // namespace

http::Route grantedRoute(Playback& playback, std::string pattern, MediaAnswer answer) {
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

const char* cachingOf(const playback::Media& media) {
  return media.complete ? "private, max-age=300" : "private, no-cache";
}

std::nullopt_t missing(const playback::Media& media) {
  if (media.complete) {
    nothingHere();
  }
  return std::nullopt;
}

}  // namespace reeld::api
