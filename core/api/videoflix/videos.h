// video/ of the Videoflix surface: everything its viewer can play, as one array.
#pragma once
#include "http/route.h"
#include "playback/playable_videos.h"

namespace reeld::api::videoflix {

/// The pages know no paging, so the list is whole up to here; of more, the newest are shown.
inline constexpr std::size_t MostListed = 5'000;
inline constexpr std::size_t MostListBytes = std::size_t{8} << 20;

http::Route videoListRoute(playback::PlayableVideos& videos);

}  // namespace reeld::api::videoflix
