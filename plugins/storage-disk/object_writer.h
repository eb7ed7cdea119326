// One object on its way in: a file without a name, durable and then linked under its key in one
// step. A crash before that leaves nothing.
#pragma once
#include "folder.h"

#include <reeld/cpp/storage.hpp>

#include <sys/stat.h>

namespace storage_disk {

/// size, time and etag as the file system tells them.
reeld::sdk::Object describe(std::string_view key, const struct stat& facts);

class ObjectWriter {
 public:
  /// `expected` bytes are reserved at once if that is known, so that a full disk shows early.
  ObjectWriter(const Folder& folder, std::string key, uint64_t expected);
  ~ObjectWriter();
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  void write(std::string_view bytes);
  reeld::sdk::Object commit();

 private:
  const Folder& folder_;
  std::string key_;
  Descriptor file_;
  std::string temporary_name_;  ///< in Incoming; empty while the file has no name
};

/// Gives an open file its key, replacing what was there in one step; the file is durable already.
/// 0, or the errno by which the kernel gives this file no name below the folder, wherever in it:
/// EXDEV (another file system), ENOENT (its last name was removed), EPERM (somebody else's, or a
/// file system without links).
[[nodiscard]] int publish(const Folder& folder, int file, std::string_view key);

/// Removes what crashes left in Incoming more than a day ago.
void sweepIncoming(const Folder& folder) noexcept;

}  // namespace storage_disk
