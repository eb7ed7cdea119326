// CMAF segments as files in memory, made of the stored ones when they are first asked for: the same
// samples in other boxes. Those last asked for are kept, as many as the cache has room for in
// memory, because viewers of one video ask for the same.
#pragma once
#include "http/file_cache.h"
#include "playback/cmaf_track.h"
#include "storage/storage.h"

#include <functional>
#include <memory>
#include <string>

namespace reeld::api {

class CmafFiles {
 public:
  CmafFiles(storage::Storage& storage, const Clock& clock)
      : storage_(storage), cache_(KeptFiles, clock) {}

  /// What is made already, or nothing. On the loop.
  std::shared_ptr<const http::OpenFile> findInit(const playback::CmafTrack& track);
  std::shared_ptr<const http::OpenFile> findSegment(const playback::CmafTrack& track,
                                                    std::size_t number);
  /// Makes it; nothing if the stored segment is lost. Throws CORRUPT if it is damaged. Worker lane.
  std::shared_ptr<const http::OpenFile> loadInit(const playback::Media& media,
                                                 const playback::CmafTrack& track);
  std::shared_ptr<const http::OpenFile> loadSegment(const playback::Media& media,
                                                    const playback::CmafTrack& track,
                                                    std::size_t number);

 private:
  /// Descriptors; of pictures it is the bytes that are fewer.
  static constexpr std::size_t KeptFiles = 1024;
  /// A stored segment is read whole: one that is larger is none of ours.
  static constexpr std::size_t MostBytes = std::size_t{128} << 20U;

  std::string read(const std::string& key) const;
  std::shared_ptr<const http::OpenFile> load(const std::string& key,
                                             const std::function<std::string()>& make);

  storage::Storage& storage_;
  http::FileCache cache_;
};

}  // namespace reeld::api
