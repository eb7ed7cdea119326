// Stored objects as open files: what can be sent with sendfile. A storage that has no descriptors
// to give is read into memory once; the cache keeps either for as long as it is asked for.
#pragma once
#include "http/file_cache.h"
#include "storage/storage.h"

namespace reeld::api {

class MediaFiles {
 public:
  MediaFiles(storage::Storage& storage, http::FileCache& cache)
      : storage_(storage), cache_(cache) {}

  /// What is open already, or nothing. On the loop.
  std::shared_ptr<const http::OpenFile> find(std::string_view key) { return cache_.find(key); }
  /// Opens it; throws NOT_FOUND. Worker lane.
  std::shared_ptr<const http::OpenFile> load(const std::string& key);
  /// The same; nothing if the object is lost. Worker lane.
  std::shared_ptr<const http::OpenFile> loadIfThere(const std::string& key);

 private:
  storage::Storage& storage_;
  http::FileCache& cache_;
};

}  // namespace reeld::api
