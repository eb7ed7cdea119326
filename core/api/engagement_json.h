// Reactions, watch progress and figures of a video as clients see them, and the report of a player.
#pragma once
#include "base/json.h"
#include "engagement/engagement.h"

#include <string>

namespace reeld::api {

std::string standingJson(const engagement::Standing& standing);
std::string progressJson(catalog::VideoId video, const engagement::Progress& progress);
std::string figuresJson(catalog::VideoId video, const engagement::Figures& figures);

/// {position_ms, watched: [{from_ms, to_ms}]}. Throws INVALID with all that is wrong with it.
engagement::WatchReport readWatchReport(const Json& body);

}  // namespace reeld::api
