// O_TMPFILE, fsync, linkat through /proc/self/fd; over an existing key by a second name and rename.
#include "object_writer.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <time.h>

#include <array>
#include <cstdio>

namespace storage_disk {
namespace {

using reeld::sdk::Failure;

constexpr mode_t FileMode = 0640;
constexpr time_t DaySeconds = 24 * 60 * 60;

std::string randomName() {
  std::array<unsigned char, 12> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw failure("no randomness", errno);
  }
  std::string name;
  for (const unsigned char byte : bytes) {
    std::array<char, 3> hex{};
    std::snprintf(hex.data(), hex.size(), "%02x", byte);
    name += hex.data();
  }
  return name;
}

/// linkat(2) of an open file; 0 or an errno.
int linkOpenFile(int file, int folder, const std::string& name) {
  const std::string open_file = "/proc/self/fd/" + std::to_string(file);
  return linkat(AT_FDCWD, open_file.c_str(), folder, name.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0
                                                                                           : errno;
}

bool isRefused(int failed) { return failed == EXDEV || failed == ENOENT || failed == EPERM; }

bool isSameFolder(int one, int other) {
  struct stat first {};
  struct stat second {};
  return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/// Under a second name first, then over the old one. Answers as publish().
int replace(const Folder& folder, int file, int parent, const std::string& name) {
  const std::string temporary = randomName();
  if (const int failed = linkOpenFile(file, folder.incoming(), temporary)) {
    if (isRefused(failed)) {
      return failed;
    }
    throw failure("cannot link " + temporary, failed);
  }
  if (renameat(folder.incoming(), temporary.c_str(), parent, name.c_str()) != 0) {
    const int failed = errno;
    unlinkat(folder.incoming(), temporary.c_str(), 0);
    throw failure("cannot replace " + name, failed);
  }
  // rename(2) of two names of the same file does nothing and leaves both.
  unlinkat(folder.incoming(), temporary.c_str(), 0);
  return 0;
}

}  // namespace

reeld::sdk::Object describe(std::string_view key, const struct stat& facts) {
  std::array<char, 64> etag{};
  // A new object is a new file: with the time in nanoseconds this differs whenever the bytes do.
  std::snprintf(
      etag.data(), etag.size(), "%lx-%lx%08lx-%lx", static_cast<unsigned long>(facts.st_ino),
      static_cast<unsigned long>(facts.st_mtim.tv_sec),
      static_cast<unsigned long>(facts.st_mtim.tv_nsec), static_cast<unsigned long>(facts.st_size));
  return {std::string(key),
          static_cast<uint64_t>(facts.st_size),
          int64_t{facts.st_mtim.tv_sec} * 1000 + facts.st_mtim.tv_nsec / 1'000'000,
          etag.data(),
          {}};
}

ObjectWriter::ObjectWriter(const Folder& folder, std::string key, uint64_t expected)
    : folder_(folder),
      key_(std::move(key)),
      file_(openat(folder.incoming(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, FileMode)) {
  if (!file_) {  // a file system without O_TMPFILE
    temporary_name_ = randomName();
    file_ = Descriptor(openat(folder.incoming(), temporary_name_.c_str(),
                              O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, FileMode));
  }
  if (!file_) {
    temporary_name_.clear();
    throw failure("cannot write below " + folder.path(), errno);
  }
  fchmod(file_.get(), FileMode);  // whatever the umask is
  if (expected > 0 &&
      fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(expected)) != 0 &&
      (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
    const int failed = errno;
    if (!temporary_name_.empty()) {
      unlinkat(folder.incoming(), temporary_name_.c_str(), 0);
    }
    throw failure("no space for " + std::to_string(expected) + " bytes below " + folder.path(),
                  failed);
  }
}

ObjectWriter::~ObjectWriter() {
  if (!temporary_name_.empty()) {
    unlinkat(folder_.incoming(), temporary_name_.c_str(), 0);
  }
}

void ObjectWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      throw failure("cannot write " + key_ + " below " + folder_.path(), errno);
    }
    bytes.remove_prefix(written < 0 ? 0 : static_cast<size_t>(written));
  }
}

reeld::sdk::Object ObjectWriter::commit() {
  if (fsync(file_.get()) != 0) {
    throw failure("cannot make " + key_ + " durable", errno);
  }
  if (const int refused = publish(folder_, file_.get(), key_)) {
    if (refused == EXDEV) {
      throw Failure(REELD_INTERNAL, folder_.path() +
                                        " is more than one file system: mount the "
                                        "whole folder, not a part of it");
    }
    throw failure("cannot store " + key_ + " below " + folder_.path(), refused);
  }
  struct stat facts {};
  if (fstat(file_.get(), &facts) != 0) {
    throw failure("cannot look at " + key_, errno);
  }
  return describe(key_, facts);
}

int publish(const Folder& folder, int file, std::string_view key) {
  const std::string name = lastPart(key);
  Descriptor parent = folder.makeParent(key);
  for (int attempt = 0;; ++attempt) {
    int failed = linkOpenFile(file, parent.get(), name);
    if (failed == EEXIST) {
      failed = replace(folder, file, parent.get(), name);
    } else if (failed == ENOENT && attempt < 100) {
      // Either the parent was pruned under us or the file can have no name. A folder that is found
      // again was there when the link failed, and while it is held no other one has its number.
      Descriptor again = folder.makeParent(key);
      if (!isSameFolder(parent.get(), again.get())) {
        parent = std::move(again);
        continue;
      }
    }
    if (isRefused(failed)) {
      return failed;
    }
    if (failed != 0) {
      throw failure("cannot store " + std::string(key) + " below " + folder.path(), failed);
    }
    if (fsync(parent.get()) != 0) {
      throw failure("cannot make the folder of " + std::string(key) + " durable", errno);
    }
    return 0;
  }
}

void sweepIncoming(const Folder& folder) noexcept {
  // A descriptor of its own: reading a folder moves its offset.
  const int fd = openat(folder.incoming(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* listing = fd < 0 ? nullptr : fdopendir(fd);
  if (listing == nullptr) {
    return;
  }
  const time_t now = time(nullptr);
  while (const dirent* entry = readdir(listing)) {
    struct stat facts {};
    if (fstatat(fd, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode) &&
        facts.st_mtim.tv_sec < now - DaySeconds) {
      unlinkat(fd, entry->d_name, 0);
    }
  }
  closedir(listing);
}

}  // namespace storage_disk
