// video edit, requeue, reprocess, delete, restore, purge: what changes a video there is.
#include "app/commands/videos.h"
#include "base/error.h"
#include "catalog/price.h"
#include "catalog/video_repository.h"

namespace reeld::app::commands {

namespace {

std::optional<std::string> newValue(const control::Request& request, const char* name) {
  const Json* value = request.args().find(name);
  return value == nullptr || value->isNull() ? std::nullopt : std::optional(request.text(name));
}

catalog::VideoChange changeOf(control::Request& request) {
  catalog::VideoChange change;
  change.title = newValue(request, "title");
  change.description = newValue(request, "description");
  change.category = newValue(request, "category");
  if (const auto tags = newValue(request, "tags")) {
    change.tags = catalog::splitTags(*tags);
  }
  if (const auto price = givenPrice(request)) {
    change.sets_price = true;
    change.is_paid = price->is_paid;
    change.price_minor = price->minor;
  }
  return change;
}

Json edit(control::Request& request, const VideoParts& parts) {
  const auto change = changeOf(request);
  return toJson(parts.catalog.update(atTheMachine(), request.integer("id"), change));
}

Json removeVideo(control::Request& request, const VideoParts& parts) {
  const catalog::VideoId id = request.integer("id");
  parts.catalog.remove(atTheMachine(), id);
  const auto video = parts.database.readOne(
      [&](db::Session& session) { return catalog::findVideoEvenDeleted(session, id); });
  if (!video) {
    throw Error(ErrorCode::NotFound, "video " + std::to_string(id) + " was purged meanwhile");
  }
  return toJson(*video);
}

Json restore(control::Request& request, const VideoParts& parts) {
  const catalog::VideoId id = request.integer("id");
  parts.catalog.restore(atTheMachine(), id);
  return toJson(parts.catalog.get(atTheMachine(), id));
}

/// Deletes it first if that is wanted; then waits for its encoder task to stop.
Json purge(control::Request& request, const VideoParts& parts) {
  constexpr std::chrono::milliseconds LookAgain{200};
  const catalog::VideoId id = request.integer("id");
  const bool is_shown =
      parts.database.readOne([&](db::Session& session) { return catalog::findVideo(session, id); })
          .has_value();
  if (is_shown && request.flag("force")) {
    parts.catalog.remove(atTheMachine(), id);
  }
  while (!parts.purge.run(id, parts.clock.now())) {
    request.progress(Json::Object{{"state", "waiting for the encoder to stop"}});
    request.pause(LookAgain);
  }
  return Json::Object{{"id", id}, {"purged", true}};
}

}  // namespace

const users::Viewer& atTheMachine() {
  static const users::Viewer viewer{
      .user_id = 0, .role = users::Role::Admin, .session_id = {}, .token_id = {}};
  return viewer;
}

std::optional<GivenPrice> givenPrice(const control::Request& request) {
  const auto price = newValue(request, "price");
  if (!price) {
    return std::nullopt;
  }
  const GivenPrice read{.is_paid = *price != "free", .minor = catalog::parsePrice(*price)};
  if (read.is_paid && !read.minor) {
    throw Error(ErrorCode::Invalid,
                "the price must be an amount such as 9.99, or free (got \"" + *price + "\")");
  }
  return read;
}

control::Commands videoChangeCommands(VideoParts parts) {
  return {
      {"video edit", [parts](control::Request& request) { return edit(request, parts); }},
      {"video requeue",
       [parts](control::Request& request) {
         return toJson(parts.rework.requeue(atTheMachine(), request.integer("id")));
       }},
      {"video reprocess",
       [parts](control::Request& request) {
         return toJson(parts.rework.reprocess(atTheMachine(), request.integer("id")));
       }},
      {"video delete", [parts](control::Request& request) { return removeVideo(request, parts); }},
      {"video restore", [parts](control::Request& request) { return restore(request, parts); }},
      {"video purge", [parts](control::Request& request) { return purge(request, parts); }},
  };
}

}  // namespace reeld::app::commands
