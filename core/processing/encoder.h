// The port of encoding: describe a source, run one task. Encoder plugins are opened in the worker
// child alone, so the adapter behind this port starts a process (processing/worker_process.h).
#pragma once
#include "base/json.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reeld::processing {

struct TaskInput {
  std::string name;  ///< "source", "audio"
  int fd = -1;       ///< read only, owned by the caller
};

struct Task {
  std::string id;  ///< job id, for logs and the child's folder
  Json spec;       ///< plan, range of segments, rungs: encoder.md in sdk/ says the shape
  std::vector<TaskInput> inputs;
  std::string output_dir;          ///< empty folder of this task; the child is confined to it
  std::int64_t wall_limit_ms = 0;  ///< 0 = the runner's default
};

struct MadeSegment {
  std::string rendition;
  std::string format;  ///< hls-ts, cmaf
  std::string path;    ///< relative to output_dir; complete and closed
  std::uint32_t index = 0;
  std::int64_t start_us = 0;
  std::int64_t duration_us = 0;
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
};

/// What a running task tells; called on the thread that called run().
struct TaskEvents {
  std::function<void(std::uint32_t permille)> progress;
  std::function<void(const MadeSegment&)> segment;
  std::function<void(const std::string& kind, const std::string& path)>
      artifact;  ///< poster, report, ...
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  /// Facts of a source (sdk/include/reeld/kind/encoder.h says the shape). Throws INVALID with a
  /// sentence its owner understands, CORRUPT if the child died, TIMEOUT if it hung.
  virtual Json probe(int source_fd) = 0;
  /// Blocks until the task ends; stops soon after *cancelled becomes true (then throws CANCELLED).
  virtual void run(const Task& task, const TaskEvents& events,
                   const std::atomic<bool>& cancelled) = 0;
};

}  // namespace reeld::processing
