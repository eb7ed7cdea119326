#include "api/video_json.h"

#include "api/timestamp.h"
#include "base/json.h"
#include "catalog/price.h"
#include "users/permission.h"

namespace reeld::api {

namespace {

template <std::size_t Size, class T>
void writeMaybe(JsonWriter& json, const char (&name)[Size], const std::optional<T>& value) {
  json.key(name);
  value ? json.value(*value) : json.null();
}

void writeFailure(JsonWriter& json, const catalog::Video& video, const users::Viewer& viewer) {
  const bool may_know = users::mayDo(viewer, users::Action::EditVideo, {.owner = video.creator_id});
  json.key("failure");
  if (!video.failure || !may_know) {
    json.null();
    return;
  }
  json.beginObject().member("stage", video.failure->stage).member("hint", video.failure->hint);
  if (viewer.role == users::Role::Admin) {
    json.member("cause", video.failure->cause);
  }
  json.endObject();
}

void writeVideo(JsonWriter& json, const catalog::Video& video, const users::Viewer& viewer,
                bool with_upload_url = false) {
  const std::string id = std::to_string(video.id);
  json.beginObject().member("id", video.id).member("title", video.title);
  writeMaybe(json, "description", video.description);
  json.member("category", video.category)
      .key("tags")
      .raw(video.tags_json)
      .member("is_paid", video.is_paid)
      .key("price");
  video.price_minor ? json.raw(catalog::printPrice(*video.price_minor)) : json.null();
  json.member("status", catalog::word(video.state))
      .member("playable", video.playable())
      .member("progress", video.progress())
      .member("reprocessing", video.reprocessing)
      .member("damaged", video.damaged);
  writeMaybe(json, "eta_seconds", video.eta_seconds);
  writeFailure(json, video, viewer);
  writeMaybe(json, "duration_ms", video.duration_ms);
  json.key("subtitles").raw(video.subtitles_json).key("thumbnail_url");
  video.poster_key ? json.value("/media/thumbnails/video_" + id + ".jpg") : json.null();
  json.member("has_own_poster", video.own_poster)
      .member("created_at", printTime(video.created_at))
      .member("updated_at", printTime(video.updated_at))
      .member("is_deleted", video.deleted_at.has_value())
      .key("deleted_at");
  video.deleted_at ? json.value(printTime(*video.deleted_at)) : json.null();
  json.member("creator_id", video.creator_id);
  if (with_upload_url) {
    json.member("upload_url", "/api/v1/videos/" + id + "/upload");
  }
  json.endObject();
}

}  // namespace

std::string videoJson(const catalog::Video& video, const users::Viewer& viewer) {
  JsonWriter json;
  writeVideo(json, video, viewer);
  return json.take();
}

std::string createdVideoJson(const catalog::Video& video, const users::Viewer& viewer) {
  JsonWriter json;
  writeVideo(json, video, viewer, true);
  return json.take();
}

std::string videosJson(const std::vector<catalog::Video>& videos, const users::Viewer& viewer) {
  constexpr std::size_t Usual = 640;  // bytes of a video
  JsonWriter json(Usual * (videos.size() + 1));
  json.beginArray();
  for (const auto& video : videos) {
    writeVideo(json, video, viewer);
  }
  json.endArray();
  return json.take();
}

}  // namespace reeld::api
