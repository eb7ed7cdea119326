// See output_directory.h.
#include "output_directory.h"

#include <reeld/plugin.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace reeld::libav {
namespace {

[[noreturn]] void failWriting(const std::string& doing, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw sdk::Failure(full ? REELD_EXHAUSTED : REELD_INTERNAL, doing + ": " + std::strerror(error));
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  /// Closing tells of errors that writing did not (network file systems).
  bool close() {
    const int closed = ::close(fd_);
    fd_ = -1;
    return closed == 0;
  }

 private:
  int fd_;
};

}  // namespace

void OutputDirectory::makeFolder(const std::string& name) const {
  if (mkdirat(fd_, name.c_str(), 0750) != 0 && errno != EEXIST) {
    failWriting("cannot make folder " + name, errno);
  }
}

void OutputDirectory::write(const std::string& path, std::span<const std::uint8_t> bytes) const {
  const std::string unfinished = path + ".part";
  File file(
      openat(fd_, unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (file.fd() < 0) {
    failWriting("cannot create " + unfinished, errno);
  }
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file.fd(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) {
      continue;
    }
    if (wrote < 0) {
      failWriting("cannot write " + unfinished, errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  if (!file.close()) {
    failWriting("cannot write " + unfinished, errno);
  }
  if (renameat(fd_, unfinished.c_str(), fd_, path.c_str()) != 0) {
    failWriting("cannot rename " + unfinished, errno);
  }
}

}  // namespace reeld::libav
