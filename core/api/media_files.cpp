#include "api/media_files.h"

#include "api/memory_file.h"
#include "base/error.h"

#include <array>

namespace reeld::api {

namespace {

/// The object as an anonymous file in memory.
int copyToMemory(storage::Storage& storage, const std::string& key) {
  MemoryFile copy;
  const auto reader = storage.open(key, 0, 0);
  std::array<char, 64 * 1024> buffer;
  while (const std::size_t size = reader->read(buffer.data(), buffer.size())) {
    copy.append({buffer.data(), size});
  }
  return copy.release();
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
