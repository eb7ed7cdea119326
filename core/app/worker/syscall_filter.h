// The seccomp filter: an allow list; anything else ends the process. The mandatory layer of the
// sandbox.
#pragma once
#include <string>

namespace reeld::app::worker {

/// Installs the filter for this process, which has one thread and never leaves it again. Empty, or
/// why it could not be done. No library may be loaded afterwards.
std::string installSyscallFilter();

}  // namespace reeld::app::worker
