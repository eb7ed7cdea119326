// When every picture of a source is shown, and where decoding may begin: from the container's own
// sample table where it has one, else by reading all packets without decoding them.
#pragma once
#include "control.h"
#include "source.h"

#include <cstdint>
#include <vector>

namespace reeld::libav {

struct PictureIndex {
  std::vector<std::int64_t> times;  ///< in the stream's time base, in no order
  std::vector<std::int64_t> keys;   ///< those of key frames, in file order
  bool complete = true;             ///< false: reading stopped at the time budget
  /// The clock runs through the file: nothing had to be repaired, nothing is missing, and the
  /// format finds a key frame by its time. A task may then begin in mid-title.
  bool orderly = true;
};

/// The container's own table; empty where there is none.
PictureIndex sampleTable(const Source& source, std::int64_t max_gap_ms);
/// Reads the source to its end.
PictureIndex readIndex(Source& source, const Control& control);

/// The slots of the grid that key frames are due in, rising; empty if the first picture is none or
/// the index cannot say.
std::vector<std::int64_t> keySlots(const PictureIndex& index, AVRational time_base, AVRational fps);

}  // namespace reeld::libav
