// The filter graph of one source shape, as libavfilter's text: once through what the source needs
// (deinterlace, scale, tone map, turn), then down the rungs in a cascade. Pure, so that what a
// phone clip or an old tape is put through can be read in a test.
#pragma once
#include "orientation.h"
#include "picture.h"

#include <string>
#include <vector>

namespace reeld::libav {

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

/// rungs: largest first. Labels: [in], then [r0] [r1] ... in the rungs' order.
/// expected_aspect: the displayed shape the rungs were planned for (before rotation); a picture of
/// another shape (a source that changes in mid-stream) keeps its own within black bars.
std::string planGraph(const Picture& source, const Orientation& orientation, double expected_aspect,
                      const std::vector<Size>& rungs);

/// True if the graph has work worth several threads.
bool isHeavy(const Picture& source);

}  // namespace reeld::libav
