#include "upload/spool_file.h"

#include "base/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace reeld::upload {

namespace {

int openUnnamed(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) {
    return fd;
  }
  // Some network and overlay file systems have no O_TMPFILE: a name for an instant does the same.
  if (errno != EOPNOTSUPP && errno != EISDIR) {
    throw systemError("cannot make a spool file in " + folder, errno);
  }
  std::string name = folder + "/upload-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) {
    throw systemError("cannot make a spool file in " + folder, errno);
  }
  ::unlink(name.c_str());
  return named;
}

}  // namespace

SpoolFile::SpoolFile(const std::string& folder) : fd_(openUnnamed(folder)) {}

void SpoolFile::append(std::span<const char> piece) {
  hash_.update({piece.data(), piece.size()});
  while (!piece.empty()) {
    const ssize_t written = ::write(fd_.get(), piece.data(), piece.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      throw systemError("cannot write to the spool", errno);
    }
    size_ += static_cast<std::uint64_t>(written);
    piece = piece.subspan(static_cast<std::size_t>(written));
  }
}

Digest SpoolFile::finish() {
  if (::fdatasync(fd_.get()) != 0) {
    throw systemError("cannot write the spool file to the disk", errno);
  }
  return hash_.finish();
}

}  // namespace reeld::upload
