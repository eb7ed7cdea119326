// Subtitles as files in memory: a piece of a stored track, cut and headed as a player expects it,
// made when it is first asked for and kept as long as there is room.
#pragma once
#include "http/file_cache.h"
#include "playback/media.h"
#include "storage/storage.h"

#include <memory>
#include <optional>
#include <string>

namespace reeld::api {

/// What the times of the pictures begin at: ten seconds in transport streams, nothing in CMAF; and
/// in DASH nothing is said of it.
enum class CueClock { TransportStream, Cmaf, None };

class SubtitleFiles {
 public:
  SubtitleFiles(storage::Storage& storage, const Clock& clock)
      : storage_(storage), cache_(KeptFiles, clock) {}

  /// A piece of the track; nothing = all of it.
  struct Wanted {
    const playback::Subtitles& track;
    CueClock clock;
    std::optional<std::size_t> piece;
  };
  /// What is made already, or nothing. On the loop.
  std::shared_ptr<const http::OpenFile> find(const Wanted& wanted);
  /// Makes it; nothing if the stored track is lost. Throws CORRUPT if it is damaged. Worker lane.
  std::shared_ptr<const http::OpenFile> load(const playback::Media& media, const Wanted& wanted);

 private:
  static constexpr std::size_t KeptFiles = 1024;
  /// As much as any that was made.
  static constexpr std::size_t MostBytes = std::size_t{16} << 20U;

  std::string read(const std::string& key) const;

  storage::Storage& storage_;
  http::FileCache cache_;
};

}  // namespace reeld::api
