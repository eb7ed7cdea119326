#include "folder_remedy.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace notifier_outbox {

namespace {

bool lets(const std::string& path, int access) {
  return faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0;
}

std::string userName() {
  const uid_t uid = geteuid();
  std::array<char, 1024> buffer{};
  struct passwd entry {};
  struct passwd* found = nullptr;
  getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? std::to_string(uid) : found->pw_name;
}

/// Of the folders above the path: the first that may not be entered or is none.
std::string remedyAbove(const std::string& path) {
  for (auto at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    struct stat facts {};
    if (stat(part.c_str(), &facts) != 0) {
      return "";
    }
    if (!S_ISDIR(facts.st_mode)) {
      return "mv " + part + " " + part + ".old";
    }
    if (!lets(part, X_OK)) {
      return "chmod a+x " + part;
    }
  }
  return "";
}

}  // namespace

std::string folderRemedy(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) {
    const std::string above = remedyAbove(path);
    const std::string parent = path.substr(0, path.rfind('/'));
    return !above.empty() || lets(parent.empty() ? "/" : parent, W_OK | X_OK)
               ? above
               : "install -d -o " + userName() + " -m 0700 " + path;
  }
  if (!S_ISDIR(facts.st_mode)) {
    return "mv " + path + " " + path + ".old";
  }
  if (lets(path, R_OK | W_OK | X_OK)) {
    return "";
  }
  if (errno == EROFS) {
    return "mount it writable (in a service unit: ReadWritePaths=" + path + ")";
  }
  return facts.st_uid == geteuid() ? "chmod u+rwx " + path : "chown -R " + userName() + ": " + path;
}

}  // namespace notifier_outbox
