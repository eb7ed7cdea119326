// One picture from a file that is a picture: JPEG, PNG or WebP, recognised by its first bytes and
// given to its decoder as a whole. No container format is asked, so none can be talked into
// anything.
#pragma once
#include "libav.h"
#include "orientation.h"

#include <cstdint>
#include <vector>

namespace reeld::libav {

struct StillImage {
  FramePtr frame;
  Orientation orientation;  ///< as the camera says (EXIF)
};

/// Throws INVALID with a sentence for whoever sent it.
StillImage readStillImage(int fd, std::int64_t max_pixels);

/// The picture upright, as a JPEG whose longer side is at most `most_side`; never enlarged.
std::vector<std::uint8_t> uprightJpeg(StillImage& image, int most_side);

}  // namespace reeld::libav
