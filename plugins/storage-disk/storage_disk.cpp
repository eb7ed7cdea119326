// Objects as files below one folder: key "videos/7/x.ts" is the file videos/7/x.ts. Commits are
// atomic and durable, spool files are linked instead of copied, segments are served from
// descriptors. Any number of threads; the file system is the only shared state.
#include "folder.h"
#include "listing.h"
#include "object_writer.h"

#include <rapidjson/document.h>
#include <reeld/plugin.hpp>

#include <fcntl.h>
#include <sys/statvfs.h>

using namespace reeld::sdk;

namespace storage_disk {
namespace {

std::string folderOf(const Host& host, std::string_view config) {
  rapidjson::Document json;
  json.Parse(config.data(), config.size());
  // The host validated it against our schema; another host (a test) may not have.
  if (!json.IsObject() || !json.HasMember("path") || !json["path"].IsString()) {
    throw Failure(REELD_INVALID, "must be a text").at("/path");
  }
  const std::string path = json["path"].GetString();
  if (path.empty()) {
    return std::string(host.dataDir()) + "/media";
  }
  if (path.front() != '/') {
    throw Failure(REELD_INVALID, "must be an absolute path (got \"" + path + "\")").at("/path");
  }
  return path;
}

/// A range of an open file; pread, so a descriptor is all its state.
class FileReader {
 public:
  FileReader(Descriptor file, uint64_t offset, uint64_t length)
      : file_(std::move(file)), offset_(offset), left_(length == 0 ? UINT64_MAX : length) {}

  size_t read(char* buffer, size_t size) {
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(size, left_));
    for (;;) {
      const ssize_t count = pread(file_.get(), buffer, wanted, static_cast<off_t>(offset_));
      if (count >= 0) {
        offset_ += static_cast<uint64_t>(count);
        left_ -= static_cast<uint64_t>(count);
        return static_cast<size_t>(count);
      }
      if (errno != EINTR) {
        throw failure("cannot read an object", errno);
      }
    }
  }

 private:
  Descriptor file_;
  uint64_t offset_;
  uint64_t left_;
};

class StorageDisk {
 public:
  static constexpr auto id = "org.reeld.storage-disk";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Files in a folder";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "path": {"type": "string", "default": "", "maxLength": 4096, "pattern": "^(/.*)?$",
               "description": "absolute path of the folder; empty = media in the instance's own"}
    }
  })";

  StorageDisk(Host host, std::string_view config) : folder_(folderOf(host, config)) {
    sweepIncoming(folder_);
    host.info("objects lie in a folder", {{"path", folder_.path()}});
  }

  /// Can it still write, and is there room?
  void health() {
    const Descriptor probe(openat(folder_.incoming(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (!probe && errno != EOPNOTSUPP && errno != EISDIR) {
      throw failure("cannot write below " + folder_.path(), errno);
    }
    struct statvfs space {};
    if (fstatvfs(folder_.root(), &space) == 0 && space.f_bavail == 0) {
      throw failure("no space below " + folder_.path(), ENOSPC);
    }
  }

  std::optional<Object> stat(Call, std::string_view key) {
    Folder::requireKey(key);
    const Descriptor file = folder_.open(key, O_PATH);
    struct stat facts {};
    if (!file || fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
      return std::nullopt;
    }
    return describe(key, facts);
  }

  std::unique_ptr<FileReader> open(Call, std::string_view key, uint64_t offset, uint64_t length) {
    if (offset > uint64_t{INT64_MAX}) {
      throw Failure(REELD_INVALID, "the offset is beyond any file");
    }
    return std::make_unique<FileReader>(openObject(key), offset, length);
  }

  std::unique_ptr<ObjectWriter> create(Call, const Object& hint) {
    Folder::requireKey(hint.key);
    return std::make_unique<ObjectWriter>(folder_, hint.key, hint.size);
  }

  void remove(Call, std::string_view key) {
    Folder::requireKey(key);
    const std::string_view parent = parentOf(key);
    const Descriptor folder = parent.empty() ? Descriptor(fcntl(folder_.root(), F_DUPFD_CLOEXEC, 0))
                                             : folder_.open(parent, O_RDONLY | O_DIRECTORY);
    if (!folder) {
      return;
    }
    if (unlinkat(folder.get(), lastPart(key).c_str(), 0) != 0) {
      if (errno == ENOENT || errno == EISDIR) {
        return;  // a folder of keys is no key
      }
      throw failure("cannot remove " + std::string(key) + " below " + folder_.path(), errno);
    }
    fsync(folder.get());
    folder_.pruneParents(key);
  }

  void list(Call, std::string_view prefix, std::string_view after, ObjectSink sink) {
    storage_disk::list(folder_, prefix, after, sink);
  }

  int openFd(Call, std::string_view key) { return openObject(key).release(); }

  std::optional<Object> adopt(Call, const Object& hint, int fd) {
    Folder::requireKey(hint.key);
    struct stat facts {};
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
      throw Failure(REELD_INVALID, "what is to be adopted is no regular file");
    }
    struct stat root {};
    // What is nullopt here the host copies: another file system, somebody else's file, or one whose
    // last name was removed. One that never had a name (O_TMPFILE) is as good as any other.
    if (fstat(folder_.root(), &root) != 0 || root.st_dev != facts.st_dev || fchmod(fd, 0640) != 0) {
      return std::nullopt;
    }
    if (fsync(fd) != 0) {
      throw failure("cannot make " + hint.key + " durable", errno);
    }
    if (publish(folder_, fd, hint.key) != 0) {
      return std::nullopt;
    }
    return describe(hint.key, facts);
  }

 private:
  Descriptor openObject(std::string_view key) {
    Folder::requireKey(key);
    // O_NONBLOCK: opening a planted FIFO must not hang a thread; it means nothing for a file.
    Descriptor file = folder_.open(key, O_RDONLY | O_NONBLOCK);
    struct stat facts {};
    if (!file || fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
      throw Failure(REELD_NOT_FOUND, "no object " + std::string(key));
    }
    return file;
  }

  Folder folder_;
};

}  // namespace
}  // namespace storage_disk

using storage_disk::StorageDisk;
REELD_PLUGIN(StorageDisk)
