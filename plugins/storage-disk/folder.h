// The folder all objects lie in, and the only place where a key meets the file system: a key is
// opened beneath the folder, never through a link, so no key and no planted link leads outside.
#pragma once
#include "descriptor.h"

#include <string>
#include <string_view>

namespace storage_disk {

/// Unfinished objects lie here until commit; no key begins with it.
inline constexpr std::string_view Incoming = ".incoming";

class Folder {
 public:
  /// Makes the folder (0750) and what is missing above it. Throws Failure.
  explicit Folder(const std::string& path);

  /// Throws INVALID for a key that is no relative path of named parts, or begins with Incoming.
  static void requireKey(std::string_view key);

  /// The open file or folder, or no descriptor if there is none; any other fault is thrown.
  /// Flags as for open(2).
  Descriptor open(std::string_view path, int flags) const;

  /// The folder that holds the key, made durable step by step if it is missing (0750).
  Descriptor makeParent(std::string_view key) const;
  /// Removes the folders above the key that are empty now.
  void pruneParents(std::string_view key) const noexcept;

  int incoming() const noexcept { return incoming_.get(); }
  int root() const noexcept { return root_.get(); }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  Descriptor root_;
  Descriptor incoming_;
};

/// "c" of "a/b/c".
std::string lastPart(std::string_view key);
/// "a/b" of "a/b/c", "" of "c".
std::string_view parentOf(std::string_view key);

}  // namespace storage_disk
