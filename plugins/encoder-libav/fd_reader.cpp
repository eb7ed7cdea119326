// See fd_reader.h.
#include "fd_reader.h"

#include "libav.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

namespace reeld::libav {
namespace {

constexpr int BufferBytes = 128 * 1024;

}  // namespace

FdReader::FdReader(int fd) : fd_(fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) {
    throw Failure(REELD_INTERNAL,
                  std::string("cannot look at the source: ") + std::strerror(errno));
  }
  if (!S_ISREG(facts.st_mode)) {
    throw Failure(REELD_INVALID, "the source is not a regular file");
  }
  size_ = facts.st_size;
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(BufferBytes));
  if (buffer == nullptr) {
    throw std::bad_alloc();
  }
  io_ = avio_alloc_context(buffer, BufferBytes, 0, this, &FdReader::read, nullptr, &FdReader::seek);
  if (io_ == nullptr) {
    av_free(buffer);
    throw std::bad_alloc();
  }
}

FdReader::~FdReader() {
  av_freep(&io_->buffer);  // libavformat may have replaced the one we gave it
  avio_context_free(&io_);
}

int FdReader::read(void* self, std::uint8_t* to, int size) {
  auto& reader = *static_cast<FdReader*>(self);
  ssize_t got = 0;
  do {
    got = pread(reader.fd_, to, static_cast<std::size_t>(size), reader.at_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return AVERROR(errno);
  }
  if (got == 0) {
    return AVERROR_EOF;
  }
  reader.at_ += got;
  return static_cast<int>(got);
}

std::int64_t FdReader::seek(void* self, std::int64_t offset, int whence) {
  auto& reader = *static_cast<FdReader*>(self);
  if ((whence & AVSEEK_SIZE) != 0) {
    return reader.size_;
  }
  switch (whence & ~AVSEEK_FORCE) {
    case SEEK_SET:
      break;
    case SEEK_CUR:
      offset += reader.at_;
      break;
    case SEEK_END:
      offset += reader.size_;
      break;
    default:
      return AVERROR(EINVAL);
  }
  if (offset < 0) {
    return AVERROR(EINVAL);
  }
  reader.at_ = offset;
  return offset;
}

}  // namespace reeld::libav
