// The end of a video in the database: no way back from markPurging() on, nothing left after
// dropVideoRows(). What it has in storage goes in between.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <vector>

namespace reeld::catalog {

/// Deleted before that time, or being purged already; the latter first, some hundred at most.
std::vector<VideoId> videosToPurge(db::Session& session, EpochMs deleted_before);

/// False if it is not deleted (or not there).
bool markPurging(db::Session& session, VideoId id, EpochMs now);

/// Every row that hangs below the video, and its own; with the event.
void dropVideoRows(db::Session& session, VideoId id);

}  // namespace reeld::catalog
