// Lists of videos. The first page costs the same whatever their number: each order and each filter
// has an index that ends where the order wants it, and what is not filtered is counted already.
#pragma once
#include "catalog/video_query.h"
#include "db/database.h"

#include <vector>

namespace reeld::catalog {

struct VideoPage {
  std::vector<Video> videos;
  std::int64_t total = 0;
  bool total_is_exact = true;  ///< false: there are at least so many
};

/// What is filtered or searched for is counted so far, and no further than the page needs.
inline constexpr std::int64_t CountedUpTo = 1000;

/// Whether listVideos() asks the database once, so that it may run within Database::readOne().
bool isOneStatement(const VideoQuery& query, std::int64_t skip, std::int64_t limit) noexcept;

VideoPage listVideos(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                     std::int64_t skip, std::int64_t limit);

}  // namespace reeld::catalog
