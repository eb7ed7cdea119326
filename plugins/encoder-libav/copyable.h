// Whether the pictures of a source may be played as they are, without being encoded again, as far
// as its head and sample table tell: read in no time, however long the title is. What only every
// picture can tell is seen while they are copied (copy_check.h).
#pragma once
#include "frame_rate.h"
#include "picture.h"
#include "source.h"

#include <cstdint>
#include <vector>

namespace reeld::libav {

/// Bytes of the pictures from each key frame to the next, each an IDR with nothing referring across
/// it; empty if the source must be encoded. fd: the source's own.
std::vector<std::int64_t> copyableGroups(const Source& source, int fd, const Picture& picture,
                                         const FrameRate& rate);

}  // namespace reeld::libav
