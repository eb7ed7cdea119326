// The daemon's data folder: made if missing, private, and owned by one daemon at a time as long as
// it runs. A folder on NFS is refused, because neither locks nor SQLite can be trusted there.
#pragma once
#include "base/file_descriptor.h"

#include <string>

namespace reeld::app::daemon {

class DataFolder {
 public:
  /// Throws Error: INVALID if it cannot be used, with what to do; UNAVAILABLE if another daemon has
  /// it.
  explicit DataFolder(std::string path);

  const std::string& path() const noexcept { return path_; }
  /// A folder below it, made if missing (0700). Throws Error INVALID with what to do.
  std::string subfolder(const std::string& name) const;
  /// Host name and path: tells daemons that share a database apart.
  std::string node() const;

 private:
  std::string path_;
  FileDescriptor lock_;
};

}  // namespace reeld::app::daemon
