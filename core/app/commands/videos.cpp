#include "app/commands/videos.h"

#include "app/commands/users.h"
#include "base/error.h"
#include "catalog/video_list.h"
#include "catalog/video_repository.h"
#include "processing/job_repository.h"
#include "upload/upload.h"
#include "users/user_repository.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

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
                           {"reprocessing", video.reprocessing},
                           {"playable", video.playable()},
                           {"damaged", video.damaged},
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

std::optional<std::string> given(control::Request& request, const char* name) {
  auto value = request.text(name, "");
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

catalog::VideoQuery queryOf(control::Request& request, users::Directory& directory) {
  catalog::VideoQuery query;
  query.words = request.text("q", "");
  query.tag = given(request, "tag");
  query.deleted = request.flag("deleted");
  if (const auto category = given(request, "category")) {
    query.category = catalog::categorySlug(*category);
  }
  if (const auto creator = given(request, "creator")) {
    query.creator_id = findUser(directory, *creator).id;
  }
  if (const auto state = given(request, "state")) {
    query.state = catalog::parseVideoState(*state);
    if (!query.state) {
      throw Error(
          ErrorCode::Invalid,
          "the state must be UPLOADED, PROCESSING, READY or FAILED (got \"" + *state + "\")");
    }
  }
  return query;
}

Json list(control::Request& request, const VideoParts& parts) {
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

/// Whose the new video is: the one who was named, or whoever runs the site longest.
users::User creatorOf(control::Request& request, const VideoParts& parts) {
  if (const std::string given = request.text("creator", ""); !given.empty()) {
    return findUser(parts.directory, given);
  }
  const auto admins = parts.database.transact(users::lockActiveAdmins);
  if (admins.empty()) {
    throw Error(ErrorCode::NotFound,
                "there is no administrator to own the video: name somebody with --creator");
  }
  return parts.directory.find(*std::min_element(admins.begin(), admins.end())).value();
}

void copy(control::Request& request, upload::Upload& upload, std::int64_t size) {
  constexpr std::size_t PieceBytes = 256 * 1024;
  constexpr std::int64_t TellEvery = 16 << 20;
  std::vector<char> piece(PieceBytes);
  std::int64_t done = 0;
  std::int64_t told = 0;
  for (;;) {
    // Positioned reads: the descriptor's own offset belongs to whoever else has the file open.
    const ssize_t got = pread(request.file(), piece.data(), piece.size(), done);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      throw systemError("cannot read the file", errno);
    }
    if (got == 0) {
      return;
    }
    upload.write({piece.data(), static_cast<std::size_t>(got)});
    done += got;
    if (done - told >= TellEvery) {
      told = done;
      request.progress(Json::Object{{"bytes", done}, {"of", size}});
    }
  }
}

/// Until it is READY or FAILED.
Json waitFor(control::Request& request, db::Database& database, catalog::VideoId id) {
  constexpr std::chrono::milliseconds LookAgain{500};
  for (;;) {
    const auto [video, job] = database.read([&](db::Session& session) {
      return std::pair(catalog::findVideo(session, id), processing::newestJobOf(session, id));
    });
    if (!video) {
      throw Error(ErrorCode::NotFound, "video " + std::to_string(id) + " was deleted meanwhile");
    }
    if (video->state == catalog::VideoState::Ready || video->state == catalog::VideoState::Failed) {
      return toJson(*video);
    }
    request.progress(Json::Object{{"state", catalog::word(video->state)},
                                  {"permille", job ? job->progress_permille : 0}});
    request.pause(LookAgain);
  }
}

Json add(control::Request& request, const VideoParts& parts) {
  struct stat status {};
  if (request.file() < 0 || fstat(request.file(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::Invalid, "a regular file must come with the request");
  }
  catalog::VideoDraft draft;
  draft.title = request.text("title");
  if (const std::string description = request.text("description", ""); !description.empty()) {
    draft.description = description;
  }
  draft.category = request.text("category", draft.category);
  draft.tags = catalog::splitTags(request.text("tags", ""));
  draft = catalog::checked(std::move(draft));  // before a large file is copied for nothing

  const users::User creator = creatorOf(request, parts);
  const users::Viewer viewer{
      .user_id = creator.id, .role = creator.role, .session_id = {}, .token_id = {}};
  const auto upload = parts.uploads.beginNew(viewer, static_cast<std::uint64_t>(status.st_size));
  copy(request, *upload, status.st_size);
  const catalog::Video video = upload->finishAs(draft, request.text("file_name", ""));
  return request.flag("wait") ? waitFor(request, parts.database, video.id) : toJson(video);
}

}  // namespace

control::Commands videoCommands(VideoParts parts) {
  control::Commands all = {
      {"video list", [parts](control::Request& request) { return list(request, parts); }},
      {"video add", [parts](control::Request& request) { return add(request, parts); }},
      {"video why",
       [parts](control::Request& request) { return parts.inspection.why(request.integer("id")); }},
      {"video verify",
       [parts](control::Request& request) {
         return parts.inspection.verify(request.integer("id"));
       }},
  };
  for (auto& command : videoChangeCommands(parts)) {
    all.push_back(std::move(command));
  }
  return all;
}

}  // namespace reeld::app::commands
