// What the daemon asks of one reeld-worker: the contract between processing/worker_process.cpp,
// which writes it, and app/worker/, which reads it. It travels as JSON in a sealed memory file,
// everything else as descriptors at fixed numbers; a path the child could not open anyway is not
// told to it. The child answers with one JSON object per line on EventsFd:
//   {"event":"sandbox", ...layers}, {"event":"log","level":n,"text":s},
//   {"event":"progress","permille":n},
//   {"event":"segment", ...}, {"event":"artifact","kind":s,"path":s},
//   {"event":"facts","facts":{...}}, and last {"event":"done"} or
//   {"event":"failed","status":n,"message":s}.
#pragma once
#include "base/json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::processing {

enum class WorkerTask { Run, Probe };

/// required: without the mandatory layers nothing runs. best-effort: what cannot be had is
/// reported. off: no filter at all, for finding faults in an encoder.
enum class SandboxMode { Required, BestEffort, Off };

struct WorkerLimits {
  std::uint64_t address_space_bytes = std::uint64_t{6} << 30;
  std::uint64_t cpu_seconds = 24 * 3600;
  std::uint64_t file_bytes = std::uint64_t{1} << 30;  ///< of one written file
  std::uint64_t open_files = 64;
};

struct WorkerOrder {
  static constexpr int OrderFd = 3;
  static constexpr int EventsFd = 4;
  static constexpr int OutputFd = 5;
  static constexpr int FirstInputFd = 6;

  WorkerTask task = WorkerTask::Run;
  std::string plugin_path;
  std::string instance;
  std::string config = "{}";  ///< the plugin's configuration, JSON
  std::string job_id;
  Json spec;
  std::vector<std::string> inputs;  ///< names of the descriptors from FirstInputFd on
  SandboxMode sandbox = SandboxMode::Required;
  WorkerLimits limits;
  std::int64_t parent = 0;  ///< process id; the child ends if this is not its parent

  std::string toJson() const;
  /// Throws Error INVALID.
  static WorkerOrder fromJson(std::string_view text);
};

/// "required", "best-effort" or "off"; throws Error INVALID.
SandboxMode parseSandboxMode(std::string_view word);

}  // namespace reeld::processing
