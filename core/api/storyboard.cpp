#include "api/storyboard.h"

#include "api/granted_route.h"
#include "webvtt/cue_sheet.h"

namespace reeld::api {

namespace {

using http::Exchange;
using http::Response;
using playback::Media;

constexpr const char* SheetCaching = "private, max-age=31536000, immutable";

Response textAnswer(const Media& media, const playback::SheetAddress& address,
                    const char* cache_control) {
  Response response;
  response.content_type = webvtt::CueSheet::Type;
  const auto text = std::make_shared<const std::string>(playback::storyboardText(media, address));
  response.body = text;
  // What an encoding has of them is made once.
  response.header("ETag", "\"" + std::to_string(media.encoding_id) + "-storyboard-" +
                              std::to_string(text->size()) + "\"");
  response.header("Cache-Control", cache_control);
  return response;
}

}  // namespace

std::shared_ptr<const Media> StoryboardAnswers::reread(const Media& media, Reach reach) const {
  if (reach == Reach::Memory || !media.complete) {
    return nullptr;
  }
  auto found = playback_.load(media.encoding_id);
  return found->storyboard ? found : nullptr;
}

std::optional<Response> StoryboardAnswers::text(const Media& media, Reach reach,
                                                const playback::SheetAddress& address,
                                                const char* cache_control) const {
  if (media.storyboard) {
    return textAnswer(media, address, cache_control);
  }
  const auto found = reread(media, reach);
  return found ? std::optional(textAnswer(*found, address, cache_control)) : std::nullopt;
}

std::optional<Response> StoryboardAnswers::sheet(std::string_view name, const Media& media,
                                                 Reach reach, const char* cache_control) const {
  const auto found = media.storyboard ? nullptr : reread(media, reach);
  const std::string* key = playback::sheetKey(found ? *found : media, name);
  return key != nullptr ? segmentAnswer(files_, *key, reach, "image/jpeg", cache_control)
                        : std::nullopt;
}

http::Routes storyboardRoutes(playback::Playback& playback, MediaFiles& files) {
  const StoryboardAnswers answers(playback, files);
  const std::string base = GrantedBase + "storyboard/";
  return {grantedRoute(playback, base + "index.vtt",
                       [answers](const Exchange&, const Media& media, Reach reach) {
                         return answers.text(media, reach, {}, cachingOf(media));
                       }),
          grantedRoute(playback, base + "{sheet}",
                       [answers](const Exchange& exchange, const Media& media, Reach reach) {
                         return answers.sheet(exchange.routeParameter("sheet"), media, reach,
                                              SheetCaching);
                       })};
}

}  // namespace reeld::api
