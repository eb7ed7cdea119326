#include "catalog/catalog.h"

#include "base/error.h"
#include "base/json.h"
#include "catalog/video_repository.h"
#include "catalog/video_work.h"
#include "db/outbox.h"
#include "users/permission.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

[[noreturn]] void notFound() { throw Error(ErrorCode::NotFound, "video not found"); }

Video reread(db::Session& session, VideoId id) {
  auto video = findVideo(session, id);
  if (!video) {
    notFound();
  }
  fillWork(session, {&*video, 1});
  return *video;
}

[[noreturn]] void refuseMove(VideoState from, VideoState to, const std::string& why) {
  throw Error(ErrorCode::Invalid, "Invalid status transition from " + std::string(word(from)) +
                                      " to " + std::string(word(to)) + ": " + why)
      .reason("invalid-transition");
}

/// What a video costs before and after; null is free.
void recordPrice(db::Session& session, const users::Viewer& by, const Video& before,
                 const Video& after) {
  const auto price = [](JsonWriter& json, const char* name, const Video& video) {
    json.key(name);
    if (video.is_paid && video.price_minor) {
      json.value(*video.price_minor);
    } else {
      json.null();
    }
  };
  JsonWriter json;
  json.beginObject().member("video_id", after.id);
  price(json, "from_minor", before);
  price(json, "to_minor", after);
  json.endObject();
  const auto user = by.user_id > 0 ? std::optional(by.user_id) : std::nullopt;
  db::record(session, {.type = "video.price_changed",
                       .user_id = user,
                       .subject = "video:" + std::to_string(after.id),
                       .json = json.take()});
}

bool isSamePrice(const Video& a, const Video& b) noexcept {
  return a.is_paid == b.is_paid && (!a.is_paid || a.price_minor == b.price_minor);
}

}  // namespace

void recordEvent(db::Session& session, const char* type, const users::Viewer& by, VideoId id) {
  JsonWriter json;
  json.beginObject().member("video_id", id).endObject();
  // Whoever is at the machine itself is no user.
  const auto user = by.user_id > 0 ? std::optional(by.user_id) : std::nullopt;
  db::record(session, {.type = type,
                       .user_id = user,
                       .subject = "video:" + std::to_string(id),
                       .json = json.take()});
}

bool maySee(const users::Viewer& viewer, const Video& video) noexcept {
  return video.state == VideoState::Ready ||
         users::mayDo(viewer, users::Action::SeeVideo, {.owner = video.creator_id});
}

Video visibleForUpdate(db::Session& session, const users::Viewer& viewer, VideoId id) {
  auto video = findVideoForUpdate(session, id);
  if (!video || !maySee(viewer, *video)) {
    notFound();
  }
  return *video;
}

VideoId addVideo(db::Session& session, const users::Viewer& viewer, const VideoDraft& draft,
                 EpochMs now) {
  const VideoId id = insertVideo(session, viewer.user_id, draft, now);
  recordEvent(session, "video.created", viewer, id);
  return id;
}

Catalog::Catalog(db::Database& database, const Clock& clock, Completion& completion)
    : database_(database), clock_(clock), completion_(completion) {}

Video Catalog::create(const users::Viewer& viewer, VideoDraft draft) {
  draft = checked(std::move(draft));
  users::authorize(viewer, users::Action::CreateVideo);
  return database_.transact([&](db::Session& session) {
    return reread(session, addVideo(session, viewer, draft, clock_.now()));
  });
}

VideoPage Catalog::list(const users::Viewer& viewer, const VideoQuery& query, std::int64_t skip,
                        std::int64_t limit) {
  users::authorize(viewer, query.deleted ? users::Action::RestoreVideo : users::Action::ListVideos);
  VideoFilter filter{.all = viewer.role == users::Role::Admin, .also_of = std::nullopt};
  if (viewer.role == users::Role::Creator) {
    filter.also_of = viewer.user_id;
  }
  const auto answer = [&](db::Session& session) {
    return listVideos(session, filter, query, skip, limit);
  };
  VideoPage page =
      isOneStatement(query, skip, limit) ? database_.readOne(answer) : database_.read(answer);
  addWork(page.videos);
  return page;
}

Video Catalog::get(const users::Viewer& viewer, VideoId id) {
  auto video = database_.readOne([&](db::Session& session) { return findVideo(session, id); });
  if (!video || !maySee(viewer, *video)) {
    notFound();
  }
  addWork({&*video, 1});
  return *video;
}

void Catalog::addWork(std::span<Video> videos) {
  if (std::any_of(videos.begin(), videos.end(), isWorkedOn)) {
    database_.readOne([&](db::Session& session) { fillWork(session, videos); });
  }
}

Video Catalog::update(const users::Viewer& viewer, VideoId id, const VideoChange& change) {
  return database_.transact([&](db::Session& session) {
    const Video video = visibleForUpdate(session, viewer, id);
    users::authorize(viewer, users::Action::EditVideo, {.owner = video.creator_id});
    updateVideo(session, id, checked(changed(draftOf(video), change)), clock_.now());
    recordEvent(session, "video.updated", viewer, id);
    Video after = reread(session, id);
    if (!isSamePrice(video, after)) {
      recordPrice(session, viewer, video, after);
    }
    return after;
  });
}

void Catalog::remove(const users::Viewer& viewer, VideoId id) {
  database_.transact([&](db::Session& session) {
    const Video video = visibleForUpdate(session, viewer, id);
    users::authorize(viewer, users::Action::DeleteVideo, {.owner = video.creator_id});
    const EpochMs now = clock_.now();
    softDeleteVideo(session, id, now);
    revokeVideoGrants(session, video, now);
    recordEvent(session, "video.deleted", viewer, id);
  });
}

void Catalog::restore(const users::Viewer& viewer, VideoId id) {
  users::authorize(viewer, users::Action::RestoreVideo);
  database_.transact([&](db::Session& session) {
    const auto video = findVideoEvenDeleted(session, id);
    if (!video) {
      notFound();
    }
    if (!video->deleted_at) {
      return;
    }
    if (!restoreVideo(session, id, clock_.now())) {
      notFound();  // being purged: nothing is left to bring back
    }
    recordEvent(session, "video.restored", viewer, id);
  });
}

Video Catalog::forceState(const users::Viewer& viewer, VideoId id, VideoState to) {
  users::authorize(viewer, users::Action::ForceState);
  const Video video = get(viewer, id);
  if (!canMove(video.state, to)) {
    refuseMove(video.state, to, "there is no such step");
  }
  if (to != VideoState::Ready) {
    refuseMove(video.state, to, "only the processing of a source takes this step");
  }
  const auto verdict = completion_.verify(video);
  if (const auto* missing = std::get_if<std::string>(&verdict)) {
    refuseMove(video.state, to, *missing);
  }
  return database_.transact([&](db::Session& session) {
    // The runner may have been faster; then the video is READY as asked for.
    markReady(session, id, std::get<Finished>(verdict), clock_.now());
    return reread(session, id);
  });
}

}  // namespace reeld::catalog
