// A source: an uploaded file of a video, and its rows. The newest one is what is processed.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::catalog {

using SourceId = std::int64_t;

struct Source {
  SourceId id = 0;
  VideoId video_id = 0;
  std::string storage_key;
  std::string file_name;  ///< data only: never part of a path
  std::int64_t size_bytes = 0;
  std::string sha256;                ///< hex
  std::optional<std::string> facts;  ///< what probing said, JSON
  EpochMs created_at = 0;
};

/// `source` without id and facts.
SourceId insertSource(db::Session& session, const Source& source);
std::optional<Source> findSource(db::Session& session, SourceId id);
std::optional<Source> newestSource(db::Session& session, VideoId video_id);
/// The storage keys of all of a video's sources.
std::vector<std::string> sourceKeys(db::Session& session, VideoId video_id);
/// Forgets the sources that are newer than the one that plays, with the failed encodings of them;
/// their storage keys. Nothing if nothing READY plays.
std::vector<std::string> dropSourcesAfterPlaying(db::Session& session, VideoId video_id);
/// Forgets sources that no encoding was made of any more, but for the newest; their storage keys.
std::vector<std::string> dropUnusedSources(db::Session& session, VideoId video_id);
void setSourceFacts(db::Session& session, SourceId id, const std::string& facts_json);

}  // namespace reeld::catalog
