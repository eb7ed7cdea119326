// Lists that are found by terms: the words that are searched for, or a tag. The term that fewest
// videos have is read newest first, and the others are looked up for each; reading ends when enough
// are found.
#pragma once
#include "catalog/video_list.h"

namespace reeld::catalog {

VideoPage searchVideos(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                       std::int64_t skip, std::int64_t limit);

}  // namespace reeld::catalog
