// A file descriptor that closes itself, and errno as a Failure.
#pragma once
#include <reeld/cpp/contain.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace storage_disk {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

inline reeld::sdk::Failure failure(const std::string& what, int error_number) {
  reeld_status status = REELD_INTERNAL;
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      status = REELD_EXHAUSTED;
      break;
    case EIO:
    case ESTALE:
    case EMFILE:
    case ENFILE:
      status = REELD_UNAVAILABLE;
      break;
    case EISDIR:
    case ENOTDIR:
      status = REELD_CONFLICT;
      break;
    case ENAMETOOLONG:
    case ELOOP:
    case EXDEV:
      status = REELD_INVALID;
      break;
    default:
      break;
  }
  return {status, what + ": " + std::strerror(error_number)};
}

}  // namespace storage_disk
