// The DASH manifest of a complete encoding (ISO/IEC 23009-1, live profile, static): the segments of
// its CMAF tracks by number, their times one by one. Pure.
#pragma once
#include "playback/cmaf_track.h"

#include <string>

namespace reeld::playback {

inline constexpr const char* DashType = "application/dash+xml";

/// `base` is put in front of every URL, "" for those relative to the manifest.
std::string dashManifest(const Media& media, const std::string& base);

}  // namespace reeld::playback
