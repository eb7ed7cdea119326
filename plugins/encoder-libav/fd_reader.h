// A file descriptor as libavformat's input. Reads with pread(), so that several readers of one
// descriptor do not disturb each other and no path is ever opened.
#pragma once
#include <cstdint>

extern "C" {
#include <libavformat/avio.h>
}

namespace reeld::libav {

class FdReader {
 public:
  /// fd stays the caller's. Throws INVALID for what is not a regular file.
  explicit FdReader(int fd);
  ~FdReader();
  FdReader(const FdReader&) = delete;
  FdReader& operator=(const FdReader&) = delete;
  AVIOContext* io() noexcept { return io_; }
  std::int64_t size() const noexcept { return size_; }

 private:
  static int read(void* self, std::uint8_t* to, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  int fd_;
  std::int64_t size_ = 0;
  std::int64_t at_ = 0;
  AVIOContext* io_ = nullptr;
};

}  // namespace reeld::libav
