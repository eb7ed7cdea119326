// Reads a segment once, from wherever it lies, for its checksum and for whether it is what it is
// said to be.
#pragma once
#include "processing/encoding.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace reeld::processing {

struct SegmentCheck {
  std::string sha256;                  ///< hex
  std::optional<std::string> problem;  ///< see TsInspector::finish
  std::string codecs;                  ///< RFC 6381
};

/// `read` fills a buffer with the next bytes and says how many, 0 at the end; what it throws
/// passes.
SegmentCheck checkSegment(const Segment& said, bool has_picture,
                          const std::function<std::size_t(char*, std::size_t)>& read);

}  // namespace reeld::processing
