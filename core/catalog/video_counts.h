// How many undeleted videos there are of each state: counted with every change, in its transaction,
// because counting rows costs more than the page of a list they are counted for.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <optional>

namespace reeld::catalog {

/// A video came (`from` is nothing), went (`to` is nothing) or changed its state. Of one that is
/// deleted nothing is counted.
void countMove(db::Session& session, VideoId id, std::optional<VideoState> from,
               std::optional<VideoState> to);

/// Counts the rows and writes what comes out: for databases that somebody changed by hand.
void recountVideos(db::Session& session);

}  // namespace reeld::catalog
