// /media: playlists and segments behind a grant, and posters. The hot path answers on the event
// loop from what is in memory; what is not there yet is loaded on a worker.
#pragma once
#include "api/media_files.h"
#include "http/route.h"
#include "playback/playback.h"

namespace reeld::api {

http::Routes mediaRoutes(playback::Playback& playback, MediaFiles& files);

}  // namespace reeld::api
