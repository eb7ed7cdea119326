// reeld-worker --job: one encoder task, or one probe of a source, in the sandbox; then the process
// ends.
#pragma once

namespace reeld::app::worker {

/// Reads the order from its descriptor, works, reports on the event pipe. The exit code: 0 when the
/// last event says done or failed; the daemon takes anything else for a crash.
int runJob();

}  // namespace reeld::app::worker
