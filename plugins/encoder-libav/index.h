// When every picture of a source is shown: from the container's own sample table where it has one,
// else by reading all packets without decoding them.
#pragma once
#include "control.h"
#include "source.h"

#include <cstdint>
#include <vector>

namespace reeld::libav {

struct PictureIndex {
  std::vector<std::int64_t> times;  ///< in the stream's time base, in no order
  bool complete = true;             ///< false: reading stopped at the time budget
};

/// The container's own table; empty where there is none.
PictureIndex sampleTable(const Source& source);
/// Reads the source to its end.
PictureIndex readIndex(Source& source, const Control& control);

}  // namespace reeld::libav
