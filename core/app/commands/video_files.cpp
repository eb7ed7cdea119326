// video add, replace, poster: what comes with a file.
#include "app/commands/users.h"
#include "app/commands/videos.h"
#include "base/error.h"
#include "catalog/video_repository.h"
#include "processing/job_repository.h"
#include "upload/upload.h"
#include "users/user_repository.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace reeld::app::commands {

namespace {

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

/// The size of the regular file that came with the request; throws INVALID without one.
std::int64_t sizeOfFile(const control::Request& request) {
  struct stat status {};
  if (request.file() < 0 || fstat(request.file(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::Invalid, "a regular file must come with the request");
  }
  return status.st_size;
}

/// Into an upload, or a poster's.
template <class Upload>
void copy(control::Request& request, Upload& upload, std::int64_t size) {
  constexpr std::size_t CopyPieceBytes = 256 * 1024;
  constexpr std::int64_t TellEvery = 16 << 20;
  std::vector<char> piece(CopyPieceBytes);
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

/// Until it is READY or FAILED, and not being made anew either.
Json waitFor(control::Request& request, db::Database& database, catalog::VideoId id) {
  constexpr std::chrono::milliseconds LookAgain{500};
  for (;;) {
    const auto [video, job] = database.read([&](db::Session& session) {
      return std::pair(catalog::findVideo(session, id), processing::newestJobOf(session, id));
    });
    if (!video) {
      throw Error(ErrorCode::NotFound, "video " + std::to_string(id) + " was deleted meanwhile");
    }
    if (video->state == catalog::VideoState::Failed ||
        (video->state == catalog::VideoState::Ready && !video->reprocessing)) {
      return toJson(*video);
    }
    request.progress(Json::Object{{"state", catalog::word(video->state)},
                                  {"permille", job ? job->progress_permille : 0}});
    request.pause(LookAgain);
  }
}

Json addVideo(control::Request& request, const VideoParts& parts) {
  const std::int64_t size = sizeOfFile(request);
  catalog::VideoDraft draft;
  draft.title = request.text("title");
  if (const std::string description = request.text("description", ""); !description.empty()) {
    draft.description = description;
  }
  draft.category = request.text("category", draft.category);
  draft.tags = catalog::splitTags(request.text("tags", ""));
  if (const auto price = givenPrice(request)) {
    draft.is_paid = price->is_paid;
    draft.price_minor = price->minor;
  }
  draft = catalog::checked(std::move(draft));  // before a large file is copied for nothing

  const users::User creator = creatorOf(request, parts);
  const users::Viewer viewer{
      .user_id = creator.id, .role = creator.role, .session_id = {}, .token_id = {}};
  const auto upload = parts.uploads.beginNew(viewer, static_cast<std::uint64_t>(size));
  copy(request, *upload, size);
  const catalog::Video video = upload->finishAs(draft, request.text("file_name", ""));
  return request.flag("wait") ? waitFor(request, parts.database, video.id) : toJson(video);
}

Json replace(control::Request& request, const VideoParts& parts) {
  const std::int64_t size = sizeOfFile(request);
  const auto upload =
      parts.uploads.begin(atTheMachine(), request.integer("id"), static_cast<std::uint64_t>(size));
  copy(request, *upload, size);
  const catalog::Video video = upload->finish(request.text("file_name", ""));
  return request.flag("wait") ? waitFor(request, parts.database, video.id) : toJson(video);
}

/// The picture that came, or back to the one that was made.
Json poster(control::Request& request, const VideoParts& parts) {
  const catalog::VideoId id = request.integer("id");
  if (request.flag("clear")) {
    return toJson(parts.posters.remove(atTheMachine(), id));
  }
  const std::int64_t size = sizeOfFile(request);
  const auto upload = parts.posters.begin(atTheMachine(), id, static_cast<std::uint64_t>(size));
  copy(request, *upload, size);
  return toJson(upload->finish());
}

}  // namespace

control::Commands videoFileCommands(VideoParts parts) {
  return {
      {"video add", [parts](control::Request& request) { return addVideo(request, parts); }},
      {"video replace", [parts](control::Request& request) { return replace(request, parts); }},
      {"video poster", [parts](control::Request& request) { return poster(request, parts); }},
  };
}

}  // namespace reeld::app::commands
