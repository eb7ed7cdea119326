// What a master playlist says of a rendition whose first segment has just been made: what that
// shows, and what the plan promises for the rest. Measured anew when it is whole. Pure.
#pragma once
#include "processing/encoding.h"
#include "processing/ladder.h"

#include <string>

namespace reeld::processing {

/// `codecs` as the segment has them. `audio_bitrate` is 0 without sound.
Rendition expected(const Plan& plan, std::int64_t audio_bitrate, const Rendition& rendition,
                   const Segment& first, const std::string& codecs);

}  // namespace reeld::processing
