#include "app/service/path_fault.h"

#include "base/owner_name.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace reeld::app::service {

namespace {

namespace fs = std::filesystem;

struct Rule {
  Need need;
  int access;         ///< as for faccessat(2)
  mode_t type;        ///< S_IFDIR or S_IFREG
  const char* owned;  ///< the command that gives it to this user
  const char* mode;   ///< the command that lets its owner in
};

constexpr std::array<Rule, 4> Rules = {{
    {Need::Folder, R_OK | W_OK | X_OK, S_IFDIR, "chown -R ", "chmod u+rwx "},
    {Need::File, R_OK | W_OK, S_IFREG, "chown ", "chmod u+rw "},
    {Need::Secret, R_OK, S_IFREG, "chown ", "chmod 0600 "},
    {Need::Program, R_OK | X_OK, S_IFREG, nullptr, "chmod 0755 "},
}};

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
  return text.data();
}

std::string owned(const struct stat& facts) {
  return "belongs to " + ownerName(facts.st_uid) + " (mode " + octal(facts.st_mode) + ")";
}

bool mayUse(const std::string& path, int access) {
  return faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0;
}

/// Of a path that cannot even be looked at: the first part of it that is in the way.
std::string blockedOn(const std::string& path, int error_number) {
  fs::path part;
  for (const auto& step : fs::absolute(path).parent_path()) {
    part /= step;
    struct stat facts {};
    if (stat(part.c_str(), &facts) != 0) {
      break;
    }
    if (!S_ISDIR(facts.st_mode)) {
      return part.string() + " is a file where a folder is needed: mv " + part.string() + " " +
             part.string() + ".old";
    }
    if (!mayUse(part, X_OK)) {
      return "the folder " + part.string() + " " + owned(facts) + " and " + ownerName(geteuid()) +
             " cannot enter it: chmod a+x " + part.string();
    }
  }
  return "cannot look at " + path + ": " + std::generic_category().message(error_number);
}

std::string mountPointOf(const std::string& path) {
  fs::path at = fs::absolute(path);
  struct stat facts {};
  struct stat above {};
  while (at.has_relative_path() && stat(at.c_str(), &facts) == 0 &&
         stat(at.parent_path().c_str(), &above) == 0 && facts.st_dev == above.st_dev) {
    at = at.parent_path();
  }
  return at.string();
}

std::string refusedBy(const std::string& path, const struct stat& facts, const Rule& rule,
                      int error_number) {
  if (error_number == EROFS) {
    return path + " lies on a file system that is mounted read-only (in a service unit: " +
           "ReadWritePaths=" + path + "): mount -o remount,rw " + mountPointOf(path);
  }
  const std::string me = ownerName(geteuid());
  if (rule.owned != nullptr && facts.st_uid != geteuid()) {
    return path + " " + owned(facts) + " and cannot be used by " + me + ": " + rule.owned + me +
           ": " + path;
  }
  return path + " has the mode " + octal(facts.st_mode) + ", which keeps " + me +
         " out: " + rule.mode + path;
}

}  // namespace

std::string pathFault(const std::string& path, Need need) {
  const Rule& rule =
      *std::find_if(Rules.begin(), Rules.end(), [&](const Rule& one) { return one.need == need; });
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) {
    if (errno != ENOENT) {
      return blockedOn(path, errno);
    }
    return need == Need::Program ? path + " is missing: apt-get install --reinstall reeld" : "";
  }
  if ((facts.st_mode & S_IFMT) != rule.type) {
    const bool wants_folder = rule.type == S_IFDIR;
    return path + (wants_folder ? " is no folder" : " is no regular file") + ": mv " + path + " " +
           path + ".old";
  }
  if (!mayUse(path, rule.access)) {
    return refusedBy(path, facts, rule, errno);
  }
  // Of what is the daemon's own nobody else may change anything; the folder holds its secret.
  const bool is_open = rule.owned != nullptr && (facts.st_mode & S_IWOTH) != 0;
  return is_open ? path + " may be written by everybody (mode " + octal(facts.st_mode) +
                       "): chmod o-w " + path
                 : "";
}

std::string makeFolderCommand(const std::string& path) {
  return "install -d -o " + ownerName(geteuid()) + " -g " + groupName(getegid()) + " -m 0750 " +
         path;
}

}  // namespace reeld::app::service
