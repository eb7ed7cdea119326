// Playlists and segments of the Videoflix surface, by cookie: video/<id>/master.m3u8,
// <resolution>/index.m3u8 and <resolution>/segment_NNN.ts; storyboard/index.vtt and its sheets.
// Answered on the event loop while the right to them is remembered; else a worker decides and
// loads. Their addresses do not name the encoding that plays, so a cache asks each time; its answer
// is mostly 304.
#pragma once
#include "api/media_files.h"
#include "http/route.h"
#include "playback/playback.h"
#include "playback/session_access.h"

namespace reeld::api::videoflix {

/// What they refer to outlives the routes.
http::Routes mediaRoutes(playback::SessionAccess& access, playback::Playback& playback,
                         MediaFiles& files);

}  // namespace reeld::api::videoflix
