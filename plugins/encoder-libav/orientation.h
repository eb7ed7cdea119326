// How a picture must be turned to be seen upright, from the container's display matrix. The angle
// alone is not enough: a mirrored picture shows only in the matrix's determinant. Pure.
#pragma once
#include <cstdint>

namespace reeld::libav {

struct Orientation {
  int clockwise = 0;      ///< 0, 90, 180, 270: turn the coded picture by this, then
  bool mirrored = false;  ///< flip it left to right
  bool swapsSides() const noexcept { return clockwise == 90 || clockwise == 270; }
  bool operator==(const Orientation&) const = default;
};

/// matrix: nine values as in AV_PKT_DATA_DISPLAYMATRIX, or nullptr for upright. Angles between the
/// right ones are rounded; a matrix that is no rotation counts as upright.
Orientation orientationOf(const std::int32_t* matrix);

}  // namespace reeld::libav
