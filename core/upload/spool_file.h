// A file on its way in: written once from front to back, hashed while it grows, without a name on
// the disk, so that a crash leaves nothing behind. Storage takes it by its descriptor.
#pragma once
#include "base/crypto.h"
#include "base/file_descriptor.h"

#include <cstdint>
#include <span>
#include <string>

namespace reeld::upload {

class SpoolFile {
 public:
  /// Throws Error. The folder exists and is on a file system of ours.
  explicit SpoolFile(const std::string& folder);

  /// Throws Error (reason storage-full when the disk is full).
  void append(std::span<const char> piece);
  /// Waits until every byte is on the disk; returns the SHA-256 of all of them. Once, at the end.
  Digest finish();

  int fd() const noexcept { return fd_.get(); }
  std::uint64_t size() const noexcept { return size_; }

 private:
  FileDescriptor fd_;
  std::uint64_t size_ = 0;
  Sha256 hash_;
};

}  // namespace reeld::upload
