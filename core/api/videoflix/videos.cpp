#include "api/videoflix/videos.h"

#include "api/endpoint.h"
#include "api/tagged_json.h"
#include "api/timestamp.h"
#include "api/videoflix/html.h"
#include "base/json.h"

namespace reeld::api::videoflix {

namespace {

std::string videoJson(const catalog::Video& video, const std::string& site) {
  const std::string id = std::to_string(video.id);
  JsonWriter json;
  json.beginObject()
      .member("id", video.id)
      .member("created_at", printTime(video.created_at))
      .member("title", escapedHtml(video.title))
      .member("description", escapedHtml(video.description.value_or("")))
      .member("thumbnail_url", site + "/media/thumbnails/video_" + id + ".jpg")
      .member("category", escapedHtml(video.category))
      .endObject();
  return json.take();
}

std::string listJson(playback::PlayableVideos& videos, const users::Viewer& viewer,
                     const std::string& site) {
  std::string list = "[";
  std::size_t count = 0;
  videos.each(viewer, [&](const catalog::Video& video) {
    const std::string one = videoJson(video, site);
    if (list.size() + one.size() > MostListBytes) {
      return false;
    }
    list.append(count == 0 ? "" : ",").append(one);
    return ++count < MostListed;
  });
  list += "]";
  return list;
}

}  // namespace

http::Route videoListRoute(playback::PlayableVideos& videos) {
  return endpoint(http::Method::Get, "/api/video", http::Access::User,
                  [&videos](http::Exchange& exchange, const users::Viewer& viewer) {
                    return taggedJson(listJson(videos, viewer, exchange.siteOrigin()));
                  });
}

}  // namespace reeld::api::videoflix
