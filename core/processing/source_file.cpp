#include "processing/source_file.h"

#include "base/error.h"

#include <fcntl.h>

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
  const auto reader = storage.open(key, 0, 0);
  std::vector<char> buffer(1 << 20);
  while (const std::size_t size = reader->read(buffer.data(), buffer.size())) {
    writeAll(copy.get(), buffer.data(), size);
  }
  return copy;
}

}  // namespace reeld::processing
