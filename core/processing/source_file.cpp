#include "processing/source_file.h"

#include "base/error.h"

#include <fcntl.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <vector>

namespace reeld::processing {

namespace {

void writeAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, data, size);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw systemError("cannot copy a source for the encoder", errno);
    }
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

/// A full disk is waited for (judgeFailure); one that is too small never has room.
void requireFitting(storage::Storage& storage, const std::string& key, int fd) {
  const auto object = storage.stat(key);
  struct statvfs facts {};
  if (object && fstatvfs(fd, &facts) == 0 &&
      object->size > std::uint64_t{facts.f_blocks} * facts.f_frsize) {
    throw Error(ErrorCode::Exhausted,
                "the disk of the work folder is smaller than the file to be encoded");
  }
}

}  // namespace

FileDescriptor openSource(storage::Storage& storage, const std::string& key,
                          const std::string& work_dir) {
  FileDescriptor direct(storage.openFd(key));
  if (direct) {
    return direct;
  }
  FileDescriptor copy(open(work_dir.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!copy) {
    throw systemError("cannot make a file in " + work_dir, errno);
  }
  requireFitting(storage, key, copy.get());
  const auto reader = storage.open(key, 0, 0);
  std::vector<char> buffer(1 << 20);
  while (const std::size_t size = reader->read(buffer.data(), buffer.size())) {
    writeAll(copy.get(), buffer.data(), size);
  }
  return copy;
}

}  // namespace reeld::processing
