#include "api/memory_file.h"

#include "base/error.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace reeld::api {

MemoryFile::MemoryFile() : fd_(::memfd_create("object", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  if (fd_.get() < 0) {
    throw systemError("cannot make a file in memory", errno);
  }
}

void MemoryFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0) {
      throw systemError("cannot copy an object into memory", errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

int MemoryFile::release() {
  const std::array<timespec, 2> always = {{{946'684'800, 0}, {946'684'800, 0}}};
  if (::futimens(fd_.get(), always.data()) != 0) {
    throw systemError("cannot date a file in memory", errno);
  }
  if (::fcntl(fd_.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    throw systemError("cannot seal a file in memory", errno);
  }
  return fd_.release();
}

}  // namespace reeld::api
