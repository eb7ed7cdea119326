#include "app/daemon/data_folder.h"

#include "app/service/path_fault.h"
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

/// Whatever is in the way is for the administrator to put right.
[[noreturn]] void refuse(const std::string& path, int error_number) {
  if (error_number == ENOSPC || error_number == EDQUOT) {
    throw systemError("cannot use the data folder " + path, error_number);
  }
  const std::string fault = service::pathFault(path, service::Need::Folder);
  const std::string why = std::generic_category().message(error_number);
  throw Error(ErrorCode::Invalid, !fault.empty() ? fault
                                                 : "cannot make the folder " + path + " (" + why +
                                                       "): " + service::makeFolderCommand(path));
}

void makeFolder(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    refuse(path, errno);
  }
  if (const std::string fault = service::pathFault(path, service::Need::Folder); !fault.empty()) {
    throw Error(ErrorCode::Invalid, fault);
  }
}

}  // namespace

DataFolder::DataFolder(std::string path)
    : path_(std::filesystem::absolute(path).lexically_normal().string()) {
  std::error_code ignored;  // what is in the way is told when the folder itself is made
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  makeFolder(path_, 0750);
  struct statfs volume {};
  if (statfs(path_.c_str(), &volume) != 0) {
    refuse(path_, errno);
  }
  if (volume.f_type == NFS_SUPER_MAGIC) {
    throw Error(ErrorCode::Invalid,
                "the data folder " + path_ +
                    " lies on NFS, where locks cannot be trusted: put it on a local disk");
  }
  const std::string lock = path_ + "/reeld.lock";
  lock_ = FileDescriptor(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock_) {
    const int why = errno;
    const std::string fault = service::pathFault(lock, service::Need::File);
    throw fault.empty() ? systemError("cannot make " + lock, why)
                        : Error(ErrorCode::Invalid, fault);
  }
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      throw systemError("cannot lock " + lock, errno);
    }
    // It may be about to end.
    throw Error(ErrorCode::Unavailable, "another reeld runs on the data folder " + path_ +
                                            " (stop it, or give this one a data_dir of its own)");
  }
}

std::string DataFolder::subfolder(const std::string& name) const {
  std::string path = path_ + "/" + name;
  makeFolder(path, 0700);
  return path;
}

std::string DataFolder::node() const {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + ":" + path_;
}

}  // namespace reeld::app::daemon
