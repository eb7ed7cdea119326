// The facts of a source as one JSON object (sdk/include/reeld/kind/encoder.h has the shape).
#pragma once
#include "control.h"
#include "spec.h"

#include <string>

namespace reeld::libav {

/// fd stays the caller's. Throws INVALID with a sentence for the file's owner.
std::string probeSource(int fd, const Control& control, const Limits& limits);

}  // namespace reeld::libav
