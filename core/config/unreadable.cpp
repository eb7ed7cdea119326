#include "config/unreadable.h"

#include "base/owner_name.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace reeld::config {

namespace {

/// The first folder on the way that may not be entered, or the path itself.
std::string firstClosed(const std::string& path) {
  std::filesystem::path folder;
  for (const auto& step : std::filesystem::absolute(path).parent_path()) {
    folder /= step;
    if (access(folder.c_str(), X_OK) != 0) {
      return folder.string();
    }
  }
  return path;
}

}  // namespace

std::string unreadable(const std::string& path, int error_number) {
  std::string sentence = "cannot be read: " + std::generic_category().message(error_number);
  if (error_number == EACCES) {
    const std::string closed = firstClosed(path);
    std::error_code unknown;
    const char* mode = std::filesystem::is_directory(closed, unknown) ? "g+rx " : "g+r ";
    sentence +=
        " (chgrp " + groupName(getegid()) + " " + closed + " && chmod " + mode + closed + ")";
  }
  return sentence;
}

}  // namespace reeld::config
