#include "http/file_cache.h"

#include "base/error.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace reeld::http {

namespace {

constexpr std::int64_t CheckEveryMs = 2000;

std::int64_t milliseconds(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

/// Still linked, and the same bytes as far as stat can tell; does not touch the disk for an open
/// file.
bool isUnchanged(const OpenFile& file) noexcept {
  struct stat now {};
  return fstat(file.fd, &now) == 0 && now.st_nlink > 0 &&
         static_cast<std::uint64_t>(now.st_size) == file.size &&
         milliseconds(now.st_mtim) == file.modified_ms;
}

/// In memory, of no name, and for ever what it is: there is nothing to look at again.
bool isSealed(int fd) noexcept {
  constexpr int Unchanging = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;
  const int seals = fcntl(fd, F_GET_SEALS);
  return seals >= 0 && (seals & Unchanging) == Unchanging;
}

void appendHex(std::string& text, std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  text.append(digits.data(), end);
}

}  // namespace

std::shared_ptr<const OpenFile> openFileOf(int fd) {
  auto file = std::make_shared<OpenFile>();
  file->fd = fd;
  struct stat status {};
  if (fstat(fd, &status) != 0) {
    throw systemError("cannot read a file's status", errno);
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::NotFound, "not a regular file");
  }
  file->size = static_cast<std::uint64_t>(status.st_size);
  file->modified_ms = milliseconds(status.st_mtim);
  file->etag = "\"";
  appendHex(file->etag, file->size);
  file->etag += '-';
  appendHex(file->etag, static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
                            static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
  file->etag += '"';
  return file;
}

std::shared_ptr<const OpenFile> FileCache::take(Table& table, std::list<Entry>::iterator entry) {
  auto file = std::move(entry->file);
  table.memory -= entry->is_sealed ? file->size : 0;
  table.by_key.erase(entry->key);
  table.recent.erase(entry);
  return file;
}

FileCache::Files FileCache::trim(Table& table) const {
  Files gone;
  while (table.recent.size() > capacity_) {
    gone.push_back(take(table, std::prev(table.recent.end())));
  }
  for (auto next = table.recent.end(); table.memory > MemoryBytes;) {
    const auto entry = std::prev(next);
    if (!entry->is_sealed) {
      next = entry;
      continue;
    }
    gone.push_back(take(table, entry));
  }
  return gone;
}

std::shared_ptr<const OpenFile> FileCache::find(std::string_view key) {
  const std::int64_t now = clock_.monotonicMs();
  std::shared_ptr<const OpenFile> gone;  // closed after the lock is
  return table_.with([&](Table& table) -> std::shared_ptr<const OpenFile> {
    const auto found = table.by_key.find(key);
    if (found == table.by_key.end()) {
      return nullptr;
    }
    const auto entry = found->second;
    if (!entry->is_sealed && now - entry->checked_ms >= CheckEveryMs) {
      if (!isUnchanged(*entry->file)) {
        gone = take(table, entry);
        return nullptr;
      }
      entry->checked_ms = now;
    }
    table.recent.splice(table.recent.begin(), table.recent, entry);
    return entry->file;
  });
}

std::shared_ptr<const OpenFile> FileCache::load(const std::string& key,
                                                const std::function<int()>& open) {
  if (auto known = find(key)) {
    return known;
  }
  auto file = openFileOf(open());
  const bool is_sealed = isSealed(file->fd);
  Files gone;  // closed after the lock is
  return table_.with([&](Table& table) {
    // Somebody else may have been faster: one descriptor per key.
    if (const auto found = table.by_key.find(key); found != table.by_key.end()) {
      return found->second->file;
    }
    table.recent.push_front({key, file, clock_.monotonicMs(), is_sealed});
    table.by_key.emplace(table.recent.front().key, table.recent.begin());
    table.memory += is_sealed ? file->size : 0;
    gone = trim(table);
    return file;
  });
}

void FileCache::drop(std::string_view key) {
  std::shared_ptr<const OpenFile> gone;
  table_.with([&](Table& table) {
    if (const auto found = table.by_key.find(key); found != table.by_key.end()) {
      gone = take(table, found->second);
    }
  });
}

}  // namespace reeld::http
