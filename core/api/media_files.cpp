#include "api/media_files.h"

#include "base/error.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace reeld::api {

namespace {

void writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      throw systemError("cannot copy an object into memory", errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// The object as an anonymous file in memory.
int copyToMemory(storage::Storage& storage, const std::string& key) {
  http::OpenFile copy;  // closes the descriptor if reading fails
  copy.fd = ::memfd_create("object", MFD_CLOEXEC);
  if (copy.fd < 0) {
    throw systemError("cannot make a file in memory", errno);
  }
  const auto reader = storage.open(key, 0, 0);
  std::array<char, 64 * 1024> buffer;
  while (const std::size_t size = reader->read(buffer.data(), buffer.size())) {
    writeAll(copy.fd, {buffer.data(), size});
  }
  return std::exchange(copy.fd, -1);
}

}  // namespace

std::shared_ptr<const http::OpenFile> MediaFiles::load(const std::string& key) {
  return cache_.load(key, [&] {
    const int fd = storage_.openFd(key);
    return fd >= 0 ? fd : copyToMemory(storage_, key);
  });
}

std::shared_ptr<const http::OpenFile> MediaFiles::loadIfThere(const std::string& key) {
  try {
    return load(key);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) {
      throw;
    }
    return nullptr;
  }
}

}  // namespace reeld::api
