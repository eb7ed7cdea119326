// May this file be loaded? Only what root or the daemon's own user put there, through folders that
// nobody else can write. Keeps unprivileged users from getting code into the daemon; it does not
// make a hostile plugin harmless. The execute bit is not looked at: Debian installs libraries
// without it.
#pragma once
#include "plugin/refusal.h"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace reeld::plugin {

/// What decides about one file or folder.
struct FileFacts {
  uid_t owner = 0;
  mode_t mode = 0;  ///< as st_mode: type and permissions
};

enum class Place { File, Folder };

/// The rule for one step of the path; pure. `own` is the daemon's user.
std::optional<Refusal> distrust(const std::string& path, const FileFacts& facts, Place place,
                                uid_t own);

struct TrustedFile {
  std::string path;                ///< absolute, without links: what to open
  std::optional<Refusal> refusal;  ///< set: do not
};

/// Follows links and looks at the file and every folder above it. A link must end inside one of
/// `folders` (the plugin folders); no folders = anywhere.
TrustedFile examine(const std::string& path, const std::vector<std::string>& folders, uid_t own);

}  // namespace reeld::plugin
