// Open files by key, so that a segment costs no open, stat and close per request. Bounded; the
// least recently used goes first. An entry is looked at again after two seconds, and dropped if its
// file was removed or changed; one that is sealed, in memory, cannot, and is kept as long as there
// is room. A response holds what it sends, so eviction never cuts one.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "http/exchange.h"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace reeld::http {

class FileCache {
 public:
  /// capacity: descriptors. Of the files in memory as many as are no more than MemoryBytes.
  FileCache(std::size_t capacity, const Clock& clock) : capacity_(capacity), clock_(clock) {}

  static constexpr std::uint64_t MemoryBytes = std::uint64_t{128} << 20U;

  /// What is open already, or nothing; never blocks, any thread.
  std::shared_ptr<const OpenFile> find(std::string_view key);
  /// The same, or opens it with `open` (a descriptor that becomes the cache's); throws what open
  /// throws, and NOT_FOUND if it is no regular file. May block: not on a loop.
  std::shared_ptr<const OpenFile> load(const std::string& key, const std::function<int()>& open);
  /// Forgets a key (its object was removed).
  void drop(std::string_view key);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const OpenFile> file;
    std::int64_t checked_ms;
    bool is_sealed;
  };
  struct Table {
    std::list<Entry> recent;  ///< most recent first
    std::unordered_map<std::string_view, std::list<Entry>::iterator>
        by_key;                ///< keys live in the entries
    std::uint64_t memory = 0;  ///< bytes of those that are sealed
  };
  using Files = std::vector<std::shared_ptr<const OpenFile>>;
  /// Takes an entry out; its descriptor closes with the last who holds it.
  static std::shared_ptr<const OpenFile> take(Table& table, std::list<Entry>::iterator entry);
  /// Takes out what is too much.
  Files trim(Table& table) const;

  const std::size_t capacity_;
  const Clock& clock_;
  Guarded<Table> table_;
};

/// Takes a descriptor: its size, time and an entity tag made of both.
std::shared_ptr<const OpenFile> openFileOf(int fd);

}  // namespace reeld::http
