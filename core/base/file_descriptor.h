// A file descriptor with an owner: closes itself.
#pragma once
#include <unistd.h>

#include <utility>

namespace reeld {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  /// Takes it over; a negative number is none.
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = other.release();
    }
    return *this;
  }
  ~FileDescriptor() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  /// The caller's from now on.
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset() noexcept {
    if (fd_ >= 0) {
      close(release());
    }
  }

 private:
  int fd_ = -1;
};

}  // namespace reeld
