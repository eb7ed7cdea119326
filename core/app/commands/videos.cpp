#include "app/commands/videos.h"

#include "app/commands/users.h"
#include "base/error.h"
#include "catalog/video_list.h"
#include "catalog/video_repository.h"

namespace reeld::app::commands {

Json toJson(const catalog::Video& video) {
  Json::Array tags;
  for (const std::string& tag : catalog::parseTags(video.tags_json)) {
    tags.emplace_back(tag);
  }
  Json json = Json::Object{{"id", video.id},
                           {"title", video.title},
                           {"state", catalog::word(video.state)},
                           {"creator_id", video.creator_id},
                           {"category", video.category},
                           {"tags", std::move(tags)},
                           {"is_paid", video.is_paid},
                           {"price_minor", video.price_minor ? Json(*video.price_minor) : Json()},
                           {"reprocessing", video.reprocessing},
                           {"playable", video.playable()},
                           {"damaged", video.damaged},
                           {"has_poster", video.poster_key.has_value()},
                           {"has_own_poster", video.own_poster},
                           {"duration_ms", video.duration_ms ? Json(*video.duration_ms) : Json()},
                           {"created_at", video.created_at},
                           {"updated_at", video.updated_at},
                           {"deleted_at", video.deleted_at ? Json(*video.deleted_at) : Json()}};
  if (video.failure) {
    json.set("hint", video.failure->hint);
    json.set("cause", video.failure->cause);
  }
  return json;
}

namespace {

std::optional<std::string> filterBy(control::Request& request, const char* name) {
  auto value = request.text(name, "");
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

catalog::VideoQuery queryOf(control::Request& request, users::Directory& directory) {
  catalog::VideoQuery query;
  query.words = request.text("q", "");
  query.tag = filterBy(request, "tag");
  query.deleted = request.flag("deleted");
  const bool paid = request.flag("paid");
  const bool free = request.flag("free");
  if (paid && free) {
    throw Error(ErrorCode::Invalid, "a video is paid or free, so no video is both");
  }
  if (paid || free) {
    query.is_paid = paid;
  }
  if (const auto category = filterBy(request, "category")) {
    query.category = catalog::categorySlug(*category);
    if (!catalog::isCategory(*query.category)) {
      throw Error(
          ErrorCode::Invalid,
          "the category must have 1 to 50 of a-z, 0-9, - and _ (got \"" + *category + "\")");
    }
  }
  if (const auto creator = filterBy(request, "creator")) {
    query.creator_id = findUser(directory, *creator).id;
  }
  if (const auto state = filterBy(request, "state")) {
    query.state = catalog::parseVideoState(*state);
    if (!query.state) {
      throw Error(
          ErrorCode::Invalid,
          "the state must be UPLOADED, PROCESSING, READY or FAILED (got \"" + *state + "\")");
    }
  }
  if (const auto order = filterBy(request, "sort"); order && !catalog::setOrder(query, *order)) {
    throw Error(ErrorCode::Invalid, "the order must be " + std::string(catalog::OrderWords) +
                                        " (got \"" + *order + "\")");
  }
  return query;
}

Json videoList(control::Request& request, const VideoParts& parts) {
  const catalog::VideoFilter everything{.all = true, .also_of = std::nullopt};
  const auto query = queryOf(request, parts.directory);
  const auto page = parts.database.read([&](db::Session& session) {
    return catalog::listVideos(session, everything, query, request.count("skip", 0),
                               request.count("limit", 100));
  });
  Json::Array rows;
  for (const auto& video : page.videos) {
    rows.push_back(toJson(video));
  }
  return Json::Object{
      {"videos", std::move(rows)}, {"total", page.total}, {"total_is_exact", page.total_is_exact}};
}

Json verify(control::Request& request, const VideoParts& parts) {
  const auto decode = [&](const std::vector<processing::Rendition>& renditions) {
    return parts.decode_check.check(renditions, [&](std::int64_t done, std::int64_t all) {
      request.progress(Json::Object{{"segments", done}, {"of", all}});
    });
  };
  return parts.inspection.verify(
      request.integer("id"),
      request.flag("full") ? processing::VideoInspection::Closer(decode) : nullptr);
}

}  // namespace

control::Commands videoCommands(VideoParts parts) {
  control::Commands all = {
      {"video list", [parts](control::Request& request) { return videoList(request, parts); }},
      {"video why",
       [parts](control::Request& request) { return parts.inspection.why(request.integer("id")); }},
      {"video verify", [parts](control::Request& request) { return verify(request, parts); }},
  };
  for (auto& more : {videoFileCommands(parts), videoChangeCommands(parts)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace reeld::app::commands
