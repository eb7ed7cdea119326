// Tracks of subtitles as rows. Invariant: a row that names an object is written after it is stored.
#pragma once
#include "db/database.h"
#include "processing/subtitle_track.h"

#include <string>
#include <vector>

namespace reeld::processing {

void insertSubtitles(db::Session& session, EncodingId encoding, const SubtitleTrack& track);
/// By number; those that are left out with their notes. Of the rows, so without `stream`.
std::vector<SubtitleTrack> subtitlesOf(db::Session& session, EncodingId encoding);
void dropSubtitles(db::Session& session, EncodingId encoding);
/// Those that can be shown, as a video lists them: [{"language", "name", "forced", ...}].
std::string subtitlesJson(const std::vector<SubtitleTrack>& tracks);

}  // namespace reeld::processing
