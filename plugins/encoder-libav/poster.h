// Chooses the picture that stands for a video: an early frame that is neither black nor blank.
// Looks at scaled frames as they pass, so it costs no decoding; works for a clip of a single frame,
// too.
#pragma once
#include "frame_grid.h"
#include "libav.h"

#include <optional>

namespace reeld::libav {

/// No page shows a poster larger; its longer side is the title's.
inline constexpr int PosterShortSide = 720;

struct Liveliness {
  double brightness = 0;  ///< mean luma, 16 to 235
  double contrast = 0;    ///< its standard deviation
};
/// Of an 8-bit planar YUV frame.
Liveliness measureLiveliness(const AVFrame& frame);

class Poster {
 public:
  explicit Poster(AVRational fps) : fps_(fps) {}
  /// Returns true once the choice is made; later frames are not looked at.
  bool consider(const AVFrame& frame, SlotRun run);
  /// The choice so far, or nullptr if no frame was seen.
  const AVFrame* best() const noexcept { return best_.get(); }

 private:
  AVRational fps_;
  FramePtr best_;
  double best_contrast_ = -1;
  std::int64_t next_look_ = 0;
  bool settled_ = false;
};

}  // namespace reeld::libav
