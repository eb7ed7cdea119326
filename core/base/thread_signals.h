// Signals belong to the supervisor's thread; every other thread shuts them out when it begins.
#pragma once

namespace reeld {

/// Blocks every signal in the calling thread but those that a fault of its own raises: blocked,
/// they would end the process before anything could be said about it.
void blockSignalsOfOthers() noexcept;

}  // namespace reeld
