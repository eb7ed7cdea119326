// What keeps this process from a path it needs: one sentence that names the path and what is wrong
// with it, and ends with the command that puts it right. Looks, changes nothing.
#pragma once
#include <string>

namespace reeld::app::service {

enum class Need {
  Folder,   ///< to enter, list and write: one of the daemon's own
  File,     ///< to read and write: one of the daemon's own
  Secret,   ///< to read: one of the daemon's own
  Program,  ///< to execute
};

/// "" if nothing is in the way. What everybody may write is, unless it is a program. A path that is
/// not there is none either, but for a program.
std::string pathFault(const std::string& path, Need need);

/// The command that makes the missing folder with the right owner.
std::string makeFolderCommand(const std::string& path);

}  // namespace reeld::app::service
