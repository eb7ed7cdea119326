// The folder of one task: <work dir>/<job>/<lease token>/. Made empty, handed to the child, gone at
// the end. What the child wrote there is opened as what it is: a regular file below the folder,
// never a link.
#pragma once
#include "base/file_descriptor.h"

#include <cstdint>
#include <string>

namespace reeld::processing {

class TaskFolder {
 public:
  TaskFolder(const std::string& work_dir, std::int64_t job, const std::string& lease_token);
  ~TaskFolder();
  TaskFolder(const TaskFolder&) = delete;
  TaskFolder& operator=(const TaskFolder&) = delete;

  const std::string& path() const noexcept { return path_; }

  struct File {
    FileDescriptor fd;
    std::uint64_t size = 0;
  };
  /// `path` as an event named it. Throws Error CORRUPT (reason crashed) if it is not what it should
  /// be.
  File open(const std::string& path) const;
  static constexpr std::uint64_t MostRead = 1 << 20;
  /// The whole file, if it is no larger than that.
  std::string read(const std::string& path, std::uint64_t most = MostRead) const;
  void remove(const std::string& path) const noexcept;

 private:
  std::string path_;
  FileDescriptor fd_;
};

/// Removes what tasks of an earlier life of this daemon left. Before the first task.
void clearWorkDir(const std::string& work_dir);

}  // namespace reeld::processing
