#include "app/daemon/data_folder.h"

#include "base/error.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace reeld::app::daemon {

namespace {

/// One that cannot be used is for the administrator to put right, whatever errno says.
Error unusable(const std::string& path, int error_number) {
  return {ErrorCode::Invalid, "cannot use the data folder " + path + ": " +
                                  std::generic_category().message(error_number) +
                                  " (it must belong to the user reeld runs as)"};
}

void makeFolder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  if (mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) {
    throw unusable(path, errno);
  }
}

}  // namespace

DataFolder::DataFolder(std::string path)
    : path_(std::filesystem::absolute(path).lexically_normal().string()) {
  makeFolder(path_);
  struct statfs volume {};
  if (statfs(path_.c_str(), &volume) != 0) {
    throw unusable(path_, errno);
  }
  if (volume.f_type == NFS_SUPER_MAGIC) {
    throw Error(ErrorCode::Invalid,
                "the data folder " + path_ +
                    " lies on NFS, where locks cannot be trusted: put it on a local disk");
  }
  const std::string lock = path_ + "/reeld.lock";
  lock_ = FileDescriptor(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock_) {
    throw unusable(path_, errno);
  }
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    const int why = errno;
    throw why == EWOULDBLOCK
        ? Error(ErrorCode::Conflict, "another reeld runs on the data folder " + path_)
        : unusable(path_, why);
  }
}

std::string DataFolder::subfolder(const std::string& name) const {
  std::string path = path_ + "/" + name;
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw unusable(path, errno);
  }
  return path;
}

std::string DataFolder::node() const {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + ":" + path_;
}

}  // namespace reeld::app::daemon
