// HLS playlists of CMAF (RFC 8216 bis): pictures and sound apart. Pure. `base` is put in front of
// every URL, "" for one relative to the playlist.
#pragma once
#include "playback/cmaf_track.h"

#include <string>

namespace reeld::playback {

std::string cmafMaster(const Media& media, const std::string& base);
std::string cmafIndex(const Media& media, const CmafTrack& track);

}  // namespace reeld::playback
