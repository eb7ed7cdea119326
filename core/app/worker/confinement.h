// The layers of the sandbox other than the filters: limits, priority, life tied to the parent's,
// namespaces, root directory, capabilities.
#pragma once
#include "processing/worker_order.h"

#include <string>
#include <vector>

namespace reeld::app::worker {

/// Ends with the parent, no core, no tracing, last in line for processor and memory. Before
/// namespaces.
void stepBack();

/// SIGKILL when the parent's spawning thread ends; false if that has happened already.
bool dieWithParent(long parent);

struct Namespaces {
  std::vector<std::string> left;  ///< by name
  std::string problem;            ///< why not all of them; empty: they are
};
/// Needs one thread. A service manager or container may forbid it.
Namespaces leaveNamespaces();

/// The directory becomes the root, so that no path leads anywhere else. After all libraries are
/// loaded. False with errno.
bool enterRoot(int directory_fd);

/// Gives up every capability for good. False with errno.
bool dropCapabilities();

/// Empty, or why not.
std::string setLimits(const processing::WorkerLimits& limits);

/// Threads of this process, 0 if /proc is out of sight.
int threadCount();

}  // namespace reeld::app::worker
