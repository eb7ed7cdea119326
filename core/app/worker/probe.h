// reeld-worker --probe FILE: opens a plugin and prints what it is as one line of JSON.
#pragma once

namespace reeld::app::worker {

/// The exit status; 0 also for a refused plugin, whose refusal is the answer.
int runProbe(const char* path);

}  // namespace reeld::app::worker
