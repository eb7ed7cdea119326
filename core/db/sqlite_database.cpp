#include "db/sqlite_database.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace reeld::db {

namespace {

namespace fs = std::filesystem;

std::string pathOf(const DatabaseOptions& options) {
  const std::string name = options.url.substr(std::string("sqlite:").size());
  if (name.empty() || name == ":memory:") {
    throw Error(ErrorCode::Invalid, "database.url: sqlite: needs the name of a file");
  }
  return fs::absolute(fs::path(options.data_dir) / name).lexically_normal().string();
}

/// WAL needs shared memory and locks that network file systems do not keep.
void refuseNetworkFileSystem(const std::string& path) {
  constexpr long Smb2 = 0xFE534D42;
  constexpr long Cifs = 0xFF534D42;
  const std::string folder = fs::path(path).parent_path().string();
  struct statfs facts {};
  if (::statfs(folder.c_str(), &facts) != 0) {
    const int error = errno;
    throw Error(ErrorCode::Unavailable,
                systemError("cannot open the folder of the database " + folder, error).what());
  }
  const long type = facts.f_type & 0xFFFFFFFFL;
  if (type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == Smb2 || type == Cifs) {
    throw Error(ErrorCode::Invalid,
                "the database " + path +
                    " is on a network file system, where SQLite would lose data (use a "
                    "local disk, or PostgreSQL)");
  }
}

/// Readable by its owner alone; SQLite gives its log the same mode. Never opens a file that exists:
/// closing it would drop the locks that SQLite holds on it in this process.
void makeFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) {
    ::close(fd);
  } else if (errno != EEXIST) {
    const int error = errno;
    throw Error(ErrorCode::Unavailable,
                systemError("cannot make the database " + path, error).what());
  }
}

void syncFile(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  const int result = fd < 0 ? -1 : ::fsync(fd);
  const int error = errno;
  if (fd >= 0)
    ::close(fd);
  if (result != 0)
    throw systemError("cannot make " + path + " durable", error);
}

/// A lock file beside the database; the kernel drops the lock with the process.
class FileLeadership final : public Database::Leadership {
 public:
  explicit FileLeadership(int fd) : fd_(fd) {}
  ~FileLeadership() override { ::close(fd_); }
  FileLeadership(const FileLeadership&) = delete;
  FileLeadership& operator=(const FileLeadership&) = delete;
  bool held() override { return true; }

 private:
  int fd_;
};

Gauge& inUse(Metrics& metrics, const char* state) {
  return metrics.gauge("reeld_db_pool_connections", "Database connections in use, by kind",
                       {{"state", state}});
}

}  // namespace

SqliteDatabase::SqliteDatabase(const DatabaseOptions& options, Log& log, Metrics& metrics)
    : EngineDatabase(options, log, metrics),
      path_(pathOf(options)),
      wait_(options.wait),
      writer_(
          1, "writer",
          [this] { return std::make_unique<SqliteConnection>(path_, SqliteRole::Writer); },
          inUse(metrics, "writing")),
      readers_(
          options.pool, "reader",
          [this] { return std::make_unique<SqliteConnection>(path_, SqliteRole::Reader); },
          inUse(metrics, "reading")) {
  refuseNetworkFileSystem(path_);
  makeFile(path_);
  // The writer first: it turns the file to WAL.
  writer_.take(std::chrono::steady_clock::now() + wait_);
}

void SqliteDatabase::withConnection(TransactionKind kind, Deadline deadline,
                                    const std::function<void(Connection&)>& use) {
  auto& pool = onlyReads(kind) ? readers_ : writer_;
  const auto lease = pool.take(deadline);
  use(**lease);
}

bool SqliteDatabase::copyTo(const std::string& path) {
  const std::string unfinished = path + ".part";
  fs::remove(unfinished);
  const auto lease = writer_.take(std::chrono::steady_clock::now() + wait_);
  (*lease)->copyTo(unfinished);
  syncFile(unfinished, O_RDONLY);
  fs::permissions(unfinished, fs::perms::owner_read | fs::perms::owner_write);
  fs::rename(unfinished, path);
  syncFile(fs::path(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
  return true;
}

std::unique_ptr<Database::Leadership> SqliteDatabase::tryLead(const std::string& task) {
  const std::string path = path_ + "-" + task + ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    throw systemError("cannot open " + path, errno);
  auto candidate = std::make_unique<FileLeadership>(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return nullptr;
  return candidate;
}

}  // namespace reeld::db
