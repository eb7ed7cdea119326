// The directory a task writes into, reached by descriptor alone: the sandbox knows no paths. A file
// appears under its name only when it is complete.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace reeld::libav {

class OutputDirectory {
 public:
  /// fd stays the caller's.
  explicit OutputDirectory(int fd) : fd_(fd) {}
  /// Makes sure that a folder directly below exists.
  void makeFolder(const std::string& name) const;
  /// Writes beside the final name, then renames. Throws EXHAUSTED when space is up.
  void write(const std::string& path, std::span<const std::uint8_t> bytes) const;

 private:
  int fd_;
};

}  // namespace reeld::libav
