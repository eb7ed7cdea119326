// video edit, requeue, reprocess, purge: what changes a video there is.
#include "app/commands/videos.h"
#include "base/error.h"
#include "catalog/price.h"
#include "catalog/video_repository.h"

namespace reeld::app::commands {

namespace {

/// Whoever is at the socket is nobody's row, and may do anything.
const users::Viewer AtTheMachine{
    .user_id = 0, .role = users::Role::Admin, .session_id = {}, .token_id = {}};

std::optional<std::string> given(control::Request& request, const char* name) {
  const Json* value = request.args().find(name);
  return value == nullptr || value->isNull() ? std::nullopt : std::optional(request.text(name));
}

catalog::VideoChange changeOf(control::Request& request) {
  catalog::VideoChange change;
  change.title = given(request, "title");
  change.description = given(request, "description");
  change.category = given(request, "category");
  if (const auto tags = given(request, "tags")) {
    change.tags = catalog::splitTags(*tags);
  }
  if (const auto price = given(request, "price")) {
    change.sets_price = true;
    change.is_paid = *price != "free";
    change.price_minor = catalog::parsePrice(*price);
    if (*change.is_paid && !change.price_minor) {
      throw Error(ErrorCode::Invalid,
                  "the price must be an amount such as 9.99, or free (got \"" + *price + "\")");
    }
  }
  return change;
}

Json edit(control::Request& request, const VideoParts& parts) {
  const auto change = changeOf(request);
  return toJson(parts.catalog.update(AtTheMachine, request.integer("id"), change));
}

/// Deletes it first if that is wanted; then waits for its encoder task to stop.
Json purge(control::Request& request, const VideoParts& parts) {
  constexpr std::chrono::milliseconds LookAgain{200};
  const catalog::VideoId id = request.integer("id");
  const bool is_shown =
      parts.database.readOne([&](db::Session& session) { return catalog::findVideo(session, id); })
          .has_value();
  if (is_shown && request.flag("force")) {
    parts.catalog.remove(AtTheMachine, id);
  }
  while (!parts.purge.run(id, parts.clock.now())) {
    request.progress(Json::Object{{"state", "waiting for the encoder to stop"}});
    request.pause(LookAgain);
  }
  return Json::Object{{"id", id}, {"purged", true}};
}

}  // namespace

control::Commands videoChangeCommands(VideoParts parts) {
  return {
      {"video edit", [parts](control::Request& request) { return edit(request, parts); }},
      {"video requeue",
       [parts](control::Request& request) {
         return toJson(parts.rework.requeue(AtTheMachine, request.integer("id")));
       }},
      {"video reprocess",
       [parts](control::Request& request) {
         return toJson(parts.rework.reprocess(AtTheMachine, request.integer("id")));
       }},
      {"video purge", [parts](control::Request& request) { return purge(request, parts); }},
  };
}

}  // namespace reeld::app::commands
