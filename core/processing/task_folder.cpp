#include "processing/task_folder.h"

#include "base/error.h"
#include "processing/worker_events.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace reeld::processing {

namespace {
[[noreturn]] void refusePath(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::Corrupt, "the encoder named " + path + ", which " + why).reason("crashed");
}

/// Part by part, none of which may be a link. openat2(2) does it in one call, but systemd's
/// RestrictSUIDSGID= denies it: what it would make is not in its arguments.
FileDescriptor openBelow(int root, std::string_view path) {
  constexpr int Always = O_CLOEXEC | O_NOFOLLOW;
  FileDescriptor folder;
  for (;;) {
    const int from = folder ? folder.get() : root;
    const auto slash = path.find('/');
    const std::string part(path.substr(0, slash));
    if (slash == std::string_view::npos) {
      return FileDescriptor(openat(from, part.c_str(), O_RDONLY | O_NONBLOCK | Always));
    }
    FileDescriptor next(openat(from, part.c_str(), O_PATH | O_DIRECTORY | Always));
    if (!next) {
      return next;
    }
    folder = std::move(next);
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

TaskFolder::TaskFolder(const std::string& work_dir, std::int64_t job,
                       const std::string& lease_token)
    : path_(work_dir + "/" + std::to_string(job) + "/" + lease_token) {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) {
    throw systemError("cannot make the folder " + path_, error.value());
  }
  fd_ = FileDescriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd_) {
    throw systemError("cannot open the folder " + path_, errno);
  }
}

TaskFolder::~TaskFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  // The job's folder goes with its last task's.
  std::filesystem::remove(std::filesystem::path(path_).parent_path(), ignored);
}

TaskFolder::File TaskFolder::open(const std::string& path) const {
  if (!isTaskPath(path)) {
    refusePath(path, "leaves its folder");
  }
  File file{openBelow(fd_.get(), path), 0};
  const int why = errno;
  if (!file.fd && (why == ENOENT || why == ENOTDIR || why == ELOOP)) {
    refusePath(path, why == ELOOP ? "is a link" : "is not there");
  }
  struct stat found {};
  if (!file.fd || fstat(file.fd.get(), &found) != 0) {
    throw systemError("cannot open " + path + " of a task", file.fd ? errno : why);
  }
  if (!S_ISREG(found.st_mode)) {
    refusePath(path, "is no file");
  }
  file.size = static_cast<std::uint64_t>(found.st_size);
  return file;
}

std::string TaskFolder::read(const std::string& path, std::uint64_t most) const {
  const File file = open(path);
  if (file.size > most) {
    refusePath(path, "is too large");
  }
  std::string content(file.size, '\0');
  if (pread(file.fd.get(), content.data(), content.size(), 0) !=
      static_cast<ssize_t>(content.size())) {
    refusePath(path, "cannot be read");
  }
  return content;
}

void TaskFolder::remove(const std::string& path) const noexcept {
  unlinkat(fd_.get(), path.c_str(), 0);
}

void clearWorkDir(const std::string& work_dir) {
  std::error_code error;
  std::filesystem::create_directories(work_dir, error);
  for (const auto& entry : std::filesystem::directory_iterator(work_dir, error)) {
    std::error_code ignored;
    std::filesystem::remove_all(entry.path(), ignored);
  }
  if (error) {
    throw systemError("cannot clear " + work_dir, error.value());
  }
}

}  // namespace reeld::processing
