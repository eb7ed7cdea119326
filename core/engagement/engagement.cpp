#include "engagement/engagement.h"

#include "base/error.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "catalog/video_repository.h"
#include "db/outbox.h"
#include "users/permission.h"

namespace reeld::engagement {

namespace {

[[noreturn]] void notFound() { throw Error(ErrorCode::NotFound, "Video not found"); }

/// One that lists show to the viewer, or that plays already while it is being made.
catalog::Video visible(db::Session& session, const users::Viewer& viewer, catalog::VideoId id) {
  auto video = catalog::findVideo(session, id);
  if (!video || !(video->playable() || catalog::maySee(viewer, *video))) {
    notFound();
  }
  return std::move(*video);
}

/// `rest` writes the members that are the event's own.
template <class Rest>
void recordOf(db::Session& session, const char* type, users::UserId user,
              const catalog::Video& video, Rest&& rest) {
  JsonWriter json;
  json.beginObject().member("video_id", video.id).member("creator_id", video.creator_id);
  rest(json);
  json.endObject();
  db::record(session, {.type = type,
                       .user_id = user,
                       .subject = "video:" + std::to_string(video.id),
                       .json = json.take()});
}

void recordReaction(db::Session& session, users::UserId user, const catalog::Video& video,
                    std::optional<Reaction> from, std::optional<Reaction> to) {
  const auto write = [](JsonWriter& json, const char* name, std::optional<Reaction> reaction) {
    json.key(name);
    reaction ? json.value(word(*reaction)) : json.null();
  };
  recordOf(session, "video.reacted", user, video, [&](JsonWriter& json) {
    write(json, "from", from);
    write(json, "to", to);
  });
}

}  // namespace

Engagement::Engagement(db::Database& database, const Clock& clock,
                       std::vector<playback::EntitlementSource*> entitlements)
    : database_(database), clock_(clock), entitlements_(std::move(entitlements)) {}

catalog::Video Engagement::playable(db::Session& session, const users::Viewer& viewer,
                                    catalog::VideoId id) {
  auto video = catalog::findVideo(session, id);
  playback::demandAccess(playback::decideAccess(session, viewer, video, entitlements_));
  return std::move(*video);
}

void Engagement::react(const users::Viewer& viewer, catalog::VideoId id, Reaction reaction) {
  database_.transact([&](db::Session& session) {
    const catalog::Video video = playable(session, viewer, id);
    const auto before = findReaction(session, id, viewer.user_id);
    if (before == reaction) {
      return;
    }
    putReaction(session, id, viewer.user_id, reaction, clock_.now());
    recordReaction(session, viewer.user_id, video, before, reaction);
  });
}

void Engagement::withdraw(const users::Viewer& viewer, catalog::VideoId id) {
  database_.transact([&](db::Session& session) {
    const auto video = catalog::findVideo(session, id);
    if (!video) {
      notFound();
    }
    if (const auto before = dropReaction(session, id, viewer.user_id)) {
      recordReaction(session, viewer.user_id, *video, before, std::nullopt);
    }
  });
}

Standing Engagement::standing(const users::Viewer& viewer, catalog::VideoId id) {
  return database_.read([&](db::Session& session) {
    visible(session, viewer, id);
    return Standing{.own = findReaction(session, id, viewer.user_id),
                    .counts = countReactions(session, id)};
  });
}

Progress Engagement::report(const users::Viewer& viewer, catalog::VideoId id,
                            const WatchReport& report) {
  return database_.transact([&](db::Session& session) {
    const catalog::Video video = playable(session, viewer, id);
    const auto before = findWatch(session, id, viewer.user_id);
    const Watch after = afterReport(before, report,
                                    {.played_at = lastPlay(session, id, viewer.user_id),
                                     .duration_ms = video.duration_ms,
                                     .now = clock_.now()});
    putWatch(session, id, viewer.user_id, after);
    const std::int64_t more = after.watched_ms - (before ? before->watched_ms : 0);
    if (more > 0) {
      recordOf(session, "video.watched", viewer.user_id, video,
               [&](JsonWriter& json) { json.member("watched_ms", more); });
    }
    return Progress{.watch = after, .duration_ms = video.duration_ms};
  });
}

Progress Engagement::progress(const users::Viewer& viewer, catalog::VideoId id) {
  return database_.read([&](db::Session& session) {
    const catalog::Video video = visible(session, viewer, id);
    return Progress{.watch = findWatch(session, id, viewer.user_id).value_or(Watch{}),
                    .duration_ms = video.duration_ms};
  });
}

Figures Engagement::figures(const users::Viewer& viewer, catalog::VideoId id) {
  return database_.read([&](db::Session& session) {
    const auto video = catalog::findVideoEvenDeleted(session, id);
    if (!video) {
      notFound();
    }
    users::authorize(viewer, users::Action::SeeFigures, {.owner = video->creator_id});
    return Figures{.audience = countAudience(session, id),
                   .reactions = countReactions(session, id)};
  });
}

}  // namespace reeld::engagement
