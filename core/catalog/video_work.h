// How far the work on a video has come, for whoever waits for it. Read from the jobs of the
// encoding that grows, some two dozen rows at most, and only for videos that are worked on.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <span>

namespace reeld::catalog {

/// Something is being made of its source.
bool isWorkedOn(const Video& video) noexcept;

/// Fills in made_percent and eta_seconds of those that are worked on: one SELECT, and none if
/// there are no such.
void fillWork(db::Session& session, std::span<Video> videos);

}  // namespace reeld::catalog
