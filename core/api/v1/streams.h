// /api/v1/stream: a link for those who may watch, and the playlist behind it.
#pragma once
#include "http/route.h"
#include "playback/playback.h"

namespace reeld::api::v1 {

http::Routes streamRoutes(playback::Playback& playback);

}  // namespace reeld::api::v1
