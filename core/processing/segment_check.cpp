#include "processing/segment_check.h"

#include "base/crypto.h"
#include "processing/ts_inspector.h"

#include <vector>

namespace reeld::processing {

SegmentCheck checkSegment(const Segment& said, bool has_picture,
                          const std::function<std::size_t(char*, std::size_t)>& read) {
  constexpr std::size_t PieceBytes = 64 << 10;
  std::vector<char> buffer(PieceBytes);
  Sha256 sum;
  TsInspector inspector(said, has_picture);
  while (const std::size_t size = read(buffer.data(), buffer.size())) {
    const std::string_view piece(buffer.data(), size);
    sum.update(piece);
    inspector.update(piece);
  }
  return {toHex(sum.finish()), inspector.finish(), inspector.codecs()};
}

}  // namespace reeld::processing
