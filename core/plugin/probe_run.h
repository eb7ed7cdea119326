// One run of the program that probes a plugin: a short-lived child process with its output read
// through pipes, its own process group, default signals, nothing inherited but the three standard
// descriptors.
#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace reeld::plugin {

struct ProbeRun {
  int wait_status = 0;     ///< as waitpid(2) gives it
  bool timed_out = false;  ///< killed, with its whole group
  std::string output;      ///< its standard output, at most a mebibyte
  std::string complaints;  ///< the end of its standard error, at most 2 KiB
};

/// argv[0] is an absolute path; `additions` ("NAME=value") join the environment, in the place of
/// their namesakes. Throws Error INTERNAL if it cannot be started.
ProbeRun runProbe(const std::vector<std::string>& argv, const std::vector<std::string>& additions,
                  std::chrono::milliseconds patience);

}  // namespace reeld::plugin
