#include "config/intruder.h"

#include "base/owner_name.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace reeld::config {

std::string changeable(const std::string& folder, Sticky sticky) {
  struct stat facts {};
  const std::string path = folder.empty() ? "." : folder;
  if (stat(path.c_str(), &facts) != 0 || (facts.st_mode & S_IWOTH) == 0) {
    return "";
  }
  const bool of_root = facts.st_uid == 0 && (facts.st_mode & S_ISVTX) != 0;
  return of_root && sticky == Sticky::Trusted ? ""
                                              : "may be written by everybody: chmod o-w " + path;
}

std::string strangeOwner(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0 || facts.st_uid == 0 || facts.st_uid == geteuid()) {
    return "";
  }
  struct stat above {};
  const std::string folder = std::filesystem::absolute(path).parent_path();
  if (geteuid() == 0 && stat(folder.c_str(), &above) == 0 && above.st_uid == facts.st_uid) {
    return "";
  }
  return "belongs to " + ownerName(facts.st_uid) + ", who could change it: chown root: " + path;
}

}  // namespace reeld::config
