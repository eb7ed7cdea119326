// /media/g/.../cmaf: pictures and sound apart, as HLS of fragmented MP4 and as DASH, behind the
// same grant as the segments they are made of.
#pragma once
#include "api/cmaf_files.h"
#include "http/route.h"
#include "playback/playback.h"

namespace reeld::api {

http::Routes cmafRoutes(playback::Playback& playback, CmafFiles& files);

}  // namespace reeld::api
