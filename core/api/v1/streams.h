// /api/v1/stream: a link for those who may watch, and the playlist or manifest behind it.
#pragma once
#include "api/media_files.h"
#include "http/route.h"
#include "playback/playback.h"

namespace reeld::api::v1 {

/// has_cmaf: DASH and HLS of fragmented MP4 are played, too.
http::Routes streamRoutes(playback::Playback& playback, MediaFiles& files, bool has_cmaf);

}  // namespace reeld::api::v1
