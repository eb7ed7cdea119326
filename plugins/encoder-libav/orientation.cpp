// See orientation.h. A matrix is {a b u, c d v, x y w}: the point (p, q) goes to (a p + c q, b p +
// d q).
#include "orientation.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/display.h>
}

namespace reeld::libav {

Orientation orientationOf(const std::int32_t* matrix) {
  if (matrix == nullptr) {
    return {};
  }
  std::int32_t upright[9];
  std::copy_n(matrix, 9, upright);
  const double determinant =
      static_cast<double>(upright[0]) * upright[4] - static_cast<double>(upright[1]) * upright[3];
  Orientation found;
  found.mirrored = determinant < 0;
  if (found.mirrored) {
    // The flip is the last step of the display, so undoing it at the output leaves the rotation.
    av_display_matrix_flip(upright, 1, 0);
  }
  const double counter_clockwise = av_display_rotation_get(upright);
  if (std::isnan(counter_clockwise)) {
    return {};
  }
  const int quarters = static_cast<int>(std::lround(-counter_clockwise / 90));
  found.clockwise = ((quarters % 4) + 4) % 4 * 90;
  return found;
}

}  // namespace reeld::libav
