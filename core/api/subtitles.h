// /media/g/.../{hls,cmaf}/subtitles: the subtitles of an encoding behind the same grant as its
// pictures, as playlists of WebVTT and, for DASH, as one file.
#pragma once
#include "api/subtitle_files.h"
#include "http/route.h"
#include "playback/playback.h"

namespace reeld::api {

enum class Packaging { TransportStream, Cmaf };

http::Routes subtitleRoutes(playback::Playback& playback, SubtitleFiles& files,
                            Packaging packaging);

}  // namespace reeld::api
