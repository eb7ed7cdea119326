// Walks from the file to the root, once as the path is written and once as it resolves.
#include "plugin/trust.h"

#include "base/owner_name.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace reeld::plugin {
namespace {

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
  return text.data();
}

std::string userName(uid_t uid) {
  const std::string name = ownerName(uid);
  const std::string number = std::to_string(uid);
  return name == number ? "uid " + number : name + " (uid " + number + ")";
}

bool lets(const std::filesystem::path& path, int access) {
  return faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0;
}

std::string ownedBy(const struct stat& facts) {
  return " belongs to " + userName(facts.st_uid) + " (mode " + octal(facts.st_mode) + ") and " +
         ownerName(geteuid());
}

/// The first folder on the way to a file that this process may not enter.
std::optional<Refusal> closedFolder(const std::filesystem::path& file) {
  std::filesystem::path folder;
  for (const auto& step : file.parent_path()) {
    folder /= step;
    struct stat facts {};
    if (stat(folder.c_str(), &facts) != 0) {
      return std::nullopt;
    }
    if (S_ISDIR(facts.st_mode) && !lets(folder, X_OK)) {
      return Refusal{"the folder " + folder.string() + ownedBy(facts) + " cannot enter it",
                     "chmod a+rx " + folder.string()};
    }
  }
  return std::nullopt;
}

/// The loader reads the file as the daemon's user; execute bits mean nothing to it.
std::optional<Refusal> closedFile(const std::string& path, const struct stat& facts) {
  if (lets(path, R_OK)) {
    return std::nullopt;
  }
  return Refusal{path + ownedBy(facts) + " cannot read it", "chmod 0755 " + path};
}

Refusal unreadable(const std::string& path, int error_number) {
  if (error_number == ENOENT) {
    return {path + " does not exist", "copy the plugin there, or correct the name"};
  }
  if (auto closed = closedFolder(path)) {
    return *closed;
  }
  return {"cannot look at " + path + ": " + std::strerror(error_number),
          "let the daemon's user enter every folder above it"};
}

/// Every folder from `folder` up to the root.
std::optional<Refusal> distrustFolders(std::filesystem::path folder, uid_t own) {
  for (;; folder = folder.parent_path()) {
    struct stat facts {};
    if (stat(folder.c_str(), &facts) != 0) {
      return unreadable(folder, errno);
    }
    if (auto refusal = distrust(folder, {facts.st_uid, facts.st_mode}, Place::Folder, own)) {
      return refusal;
    }
    if (folder == folder.root_path()) {
      return std::nullopt;
    }
  }
}

bool liesIn(const std::filesystem::path& file, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    std::error_code failed;
    const auto resolved = std::filesystem::canonical(folder, failed);
    if (!failed && file.parent_path() == resolved) {
      return true;
    }
  }
  return folders.empty();
}

}  // namespace

std::optional<Refusal> distrust(const std::string& path, const FileFacts& facts, Place place,
                                uid_t own) {
  if (place == Place::File && !S_ISREG(facts.mode)) {
    return Refusal{path + " is not a regular file", "put the plugin itself there"};
  }
  if (place == Place::Folder && !S_ISDIR(facts.mode)) {
    return Refusal{path + " is not a folder", "correct plugin_dirs"};
  }
  const std::string which = place == Place::File ? path : "the folder " + path;
  if (facts.owner != 0 && facts.owner != own) {
    return Refusal{
        which + " belongs to " + userName(facts.owner) + ", who could exchange the plugin",
        "chown root:root " + path};
  }
  const bool sticky_of_root =
      place == Place::Folder && (facts.mode & S_ISVTX) != 0 && facts.owner == 0;
  if ((facts.mode & 022) != 0 && !sticky_of_root) {
    const bool group = (facts.mode & 020) != 0;
    const bool others = (facts.mode & 002) != 0;
    return Refusal{which + " can be written by " +
                       (group && others ? "its group and by everybody"
                        : group         ? "its group"
                                        : "everybody") +
                       " (mode " + octal(facts.mode) + ")",
                   "chmod " + octal(facts.mode & ~static_cast<mode_t>(022)) + ' ' + path};
  }
  return std::nullopt;
}

TrustedFile examine(const std::string& path, const std::vector<std::string>& folders, uid_t own) {
  std::error_code failed;
  const auto written = std::filesystem::absolute(path, failed).lexically_normal();
  const auto resolved = std::filesystem::canonical(written, failed);
  if (failed) {
    return {written, unreadable(written, failed.value())};
  }
  if (resolved != written && std::filesystem::is_symlink(written) && !liesIn(resolved, folders)) {
    return {resolved, Refusal{written.string() + " is a link to " + resolved.string() +
                                  ", which lies outside the plugin folders",
                              "copy the plugin itself into the folder"}};
  }
  struct stat facts {};
  if (stat(resolved.c_str(), &facts) != 0) {
    return {resolved, unreadable(resolved, errno)};
  }
  if (auto refusal = distrust(resolved, {facts.st_uid, facts.st_mode}, Place::File, own)) {
    return {resolved, std::move(refusal)};
  }
  if (auto refusal = closedFile(resolved, facts)) {
    return {resolved, std::move(refusal)};
  }
  if (auto refusal = distrustFolders(resolved.parent_path(), own)) {
    return {resolved, std::move(refusal)};
  }
  // Whoever can write a folder on the way as written could point the link elsewhere.
  if (resolved.parent_path() != written.parent_path()) {
    return {resolved, distrustFolders(written.parent_path(), own)};
  }
  return {resolved, std::nullopt};
}

}  // namespace reeld::plugin
