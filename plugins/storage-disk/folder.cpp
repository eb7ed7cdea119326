// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS; where a container's filter or the unit's
// RestrictSUIDSGID= leaves no openat2, the same by one openat(O_NOFOLLOW) per part.
#include "folder.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace storage_disk {
namespace {

using reeld::sdk::Failure;

constexpr mode_t FolderMode = 0750;

int openAtOnce(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return static_cast<int>(syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

/// The same without openat2: every part is opened by itself and may not be a link.
int openStepwise(int root, std::string_view path, int flags) {
  Descriptor folder(fcntl(root, F_DUPFD_CLOEXEC, 0));
  while (folder) {
    const auto slash = path.find('/');
    const std::string part(path.substr(0, slash));
    if (slash == std::string_view::npos) {
      return openat(folder.get(), part.c_str(), flags | O_CLOEXEC | O_NOFOLLOW);
    }
    folder = Descriptor(
        openat(folder.get(), part.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    path.remove_prefix(slash + 1);
  }
  return -1;
}

int openBeneath(int root, const std::string& path, int flags) {
  const int fd = openAtOnce(root, path, flags);
  return fd < 0 && (errno == ENOSYS || errno == EPERM) ? openStepwise(root, path, flags) : fd;
}

void sync(int fd, const std::string& what) {
  if (fsync(fd) != 0) {
    throw failure("cannot make " + what + " durable", errno);
  }
}

/// The name of the user this process runs as, or the number where there is none.
std::string ownName() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const uid_t own = geteuid();
  return getpwuid_r(own, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr
             ? found->pw_name
             : std::to_string(own);
}

/// Somebody changed owner or mode: found out at start, with the commands that put it right, and not
/// by the first upload.
void requireUsable(const std::string& path, bool with_all_in_it = false) {
  if (access(path.c_str(), R_OK | W_OK | X_OK) == 0) {
    return;
  }
  if (errno != EACCES) {
    throw failure("cannot use the folder " + path, errno).at("/path");
  }
  throw Failure(REELD_DENIED, "may not read and write the folder " + path + " (" +
                                  (with_all_in_it ? "chown -R " : "chown ") + ownName() + " " +
                                  path + " && chmod 750 " + path + ")");
}

/// The folder `name` in `parent`, made if it is missing; nothing if it or the parent is just being
/// removed.
Descriptor enterOrMake(int parent, const std::string& name, const std::string& shown) {
  constexpr int Flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  Descriptor folder(openat(parent, name.c_str(), Flags));
  if (folder || errno != ENOENT) {
    if (!folder) {
      const int why = errno;
      if (why == EACCES) {
        requireUsable(shown);
      }
      throw failure("cannot enter " + shown, why);
    }
    return folder;
  }
  if (mkdirat(parent, name.c_str(), FolderMode) == 0) {
    folder = Descriptor(openat(parent, name.c_str(), Flags));
    if (folder) {
      fchmod(folder.get(), FolderMode);  // whatever the umask is
    }
    sync(parent, shown);
    return folder;
  }
  // Another thread made it, or removed the parent as empty; then there is no descriptor and the
  // caller starts over.
  if (errno != EEXIST && errno != ENOENT) {
    throw failure("cannot make " + shown, errno);
  }
  return Descriptor(openat(parent, name.c_str(), Flags));
}

}  // namespace

std::string lastPart(std::string_view key) { return std::string(key.substr(key.rfind('/') + 1)); }

std::string_view parentOf(std::string_view key) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : key.substr(0, slash);
}

Folder::Folder(const std::string& path) : path_(path) {
  std::error_code failed;
  const bool is_new = std::filesystem::create_directories(path, failed);
  if (!failed) {
    requireUsable(path);
  }
  root_ = Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root_) {
    throw failure("cannot open the folder " + path, failed ? failed.value() : errno).at("/path");
  }
  if (is_new) {
    fchmod(root_.get(), FolderMode);
  }
  const std::string incoming = path + "/" + std::string(Incoming);
  incoming_ = enterOrMake(root_.get(), std::string(Incoming), incoming);
  if (!incoming_) {
    throw failure("cannot make " + incoming, ENOENT);
  }
  requireUsable(incoming);
  // Keys begin with one of few words, so these are few.
  for (const auto& entry : std::filesystem::directory_iterator(path, failed)) {
    if (entry.is_directory(failed) && !entry.is_symlink(failed)) {
      requireUsable(entry.path(), true);
    }
  }
}

void Folder::requireKey(std::string_view key) {
  std::string_view rest = key;
  bool good = !key.empty() && key.size() <= 1024 && key.find('\0') == std::string_view::npos;
  while (good) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    good = !part.empty() && part != "." && part != ".." && part.size() <= 255;
    if (part.size() == rest.size()) {
      break;
    }
    rest.remove_prefix(part.size() + 1);
  }
  if (!good || key.substr(0, key.find('/')) == Incoming) {
    throw Failure(REELD_INVALID, "the key \"" + std::string(key) + "\" is none of this storage's");
  }
}

Descriptor Folder::open(std::string_view path, int flags) const {
  const std::string text(path);
  const int fd = openBeneath(root_.get(), text, flags);
  if (fd < 0 && errno != ENOENT && errno != ENOTDIR) {
    throw failure("cannot open " + path_ + "/" + text, errno);
  }
  return Descriptor(fd);
}

Descriptor Folder::makeParent(std::string_view key) const {
  const std::string_view parent = parentOf(key);
  if (parent.empty()) {
    return Descriptor(fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
  }
  // Usually it is there; a prune by another thread may take a part away between two steps.
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (Descriptor folder = open(parent, O_RDONLY | O_DIRECTORY)) {
      return folder;
    }
    Descriptor folder(fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
    for (std::size_t end = 0; folder && end != std::string_view::npos;) {
      const std::size_t begin = end == 0 ? 0 : end + 1;
      end = parent.find('/', begin);
      const std::string part(parent.substr(begin, end - begin));
      folder = enterOrMake(folder.get(), part, path_ + "/" + std::string(parent.substr(0, end)));
      if (end == std::string_view::npos && folder) {
        return folder;
      }
    }
  }
  throw Failure(REELD_UNAVAILABLE, "the folder " + path_ + "/" + std::string(parent) +
                                       " disappears as soon as it is made");
}

void Folder::pruneParents(std::string_view key) const noexcept {
  for (auto parent = parentOf(key); !parent.empty(); parent = parentOf(parent)) {
    const std::string above(parentOf(parent));
    const int fd = above.empty() ? fcntl(root_.get(), F_DUPFD_CLOEXEC, 0)
                                 : openBeneath(root_.get(), above, O_PATH | O_DIRECTORY);
    const Descriptor folder(fd);
    // Not empty, gone, or no right: either way there is nothing more to tidy above.
    if (!folder || unlinkat(folder.get(), lastPart(parent).c_str(), AT_REMOVEDIR) != 0) {
      return;
    }
  }
}

}  // namespace storage_disk
