// Lists that are found by terms: the words that are searched for, or a tag. By the term or
// condition that few videos have, the others looked up for each; if none is rare, by a walk in the
// order of the page that ends when it is full; where terms seldom meet, by what their lists have in
// common.
#pragma once
#include "catalog/video_list.h"

namespace reeld::catalog {

VideoPage searchVideos(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                       std::int64_t skip, std::int64_t limit);

}  // namespace reeld::catalog
