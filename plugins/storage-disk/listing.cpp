// Invariant: entries of a folder are sorted with '/' after a folder's name, which makes the walk's
// order the byte order of whole keys ("a-b" < "a/x" < "a0").
#include "listing.h"

#include "object_writer.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <vector>

namespace storage_disk {
namespace {

/// Names in an open folder, those of folders with '/'; takes the descriptor.
std::vector<std::string> namesIn(Descriptor folder) {
  DIR* listing = fdopendir(folder.get());
  if (listing == nullptr) {
    throw failure("cannot list a folder", errno);
  }
  const int fd = folder.release();  // closedir() closes it
  std::vector<std::string> names;
  while (const dirent* entry = readdir(listing)) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") {
      continue;
    }
    bool is_folder = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN) {
      struct stat facts {};
      is_folder =
          fstatat(fd, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode);
    }
    names.push_back(is_folder ? name + '/' : name);
  }
  closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

class Walk {
 public:
  Walk(const Folder& folder, std::string_view prefix, std::string_view after,
       const reeld::sdk::ObjectSink& sink)
      : folder_(folder), prefix_(prefix), after_(after), sink_(sink) {}

  /// `path` is "" or ends with '/'; false once the sink wants no more.
  bool enter(const std::string& path) {
    Descriptor folder =
        path.empty() ? Descriptor(openat(folder_.root(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
                     : folder_.open(path.substr(0, path.size() - 1), O_RDONLY | O_DIRECTORY);
    if (!folder) {
      return true;  // removed meanwhile
    }
    const Descriptor facts_of(fcntl(folder.get(), F_DUPFD_CLOEXEC, 0));
    for (const std::string& name : namesIn(std::move(folder))) {
      if (path.empty() && name == std::string(Incoming) + '/') {
        continue;
      }
      if (name.back() == '/' ? !enterIfWanted(path + name) : !emit(facts_of.get(), path, name)) {
        return false;
      }
    }
    return true;
  }

 private:
  bool enterIfWanted(const std::string& path) {
    const bool in_prefix = path.starts_with(prefix_) || prefix_.starts_with(path);
    const bool behind_cursor = path < after_ && !after_.starts_with(path);
    return !in_prefix || behind_cursor || enter(path);
  }

  bool emit(int folder, const std::string& path, const std::string& name) {
    const std::string key = path + name;
    struct stat facts {};
    if (!key.starts_with(prefix_) || key <= after_ ||
        fstatat(folder, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(facts.st_mode)) {
      return true;
    }
    return sink_(describe(key, facts));
  }

  const Folder& folder_;
  std::string_view prefix_;
  std::string_view after_;
  const reeld::sdk::ObjectSink& sink_;
};

}  // namespace

void list(const Folder& folder, std::string_view prefix, std::string_view after,
          const reeld::sdk::ObjectSink& sink) {
  // Straight to the deepest folder the prefix names; what lies beside it cannot match.
  const std::string start(prefix.substr(0, prefix.rfind('/') + 1));
  if (!start.empty()) {
    Folder::requireKey(start.substr(0, start.size() - 1));
  }
  Walk(folder, prefix, after, sink).enter(start);
}

}  // namespace storage_disk
