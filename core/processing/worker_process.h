// The Encoder that is a child process: each probe and each task is one reeld-worker, started by the
// Spawner, told what to do through descriptors, listened to through a pipe, and ended when it is
// cancelled, hangs, or takes too long. Whatever happens to the child becomes an Error here, never
// more.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "processing/encoder.h"
#include "processing/spawner.h"
#include "processing/worker_events.h"
#include "processing/worker_order.h"

#include <string>

namespace reeld::processing {

struct WorkerOptions {
  std::string worker_path;  ///< reeld-worker, absolute
  std::string plugin_path;  ///< the encoder plugin, absolute, already trusted
  std::string instance;
  std::string config = "{}";  ///< validated, defaulted, secrets resolved
  SandboxMode sandbox = SandboxMode::Required;
  WorkerLimits limits;
  std::string work_dir;            ///< exists; holds a folder per probe while it runs
  std::int64_t stall_ms = 60'000;  ///< without a sign of progress
  std::int64_t wall_ms = std::int64_t{24} * 3'600'000;
  std::int64_t probe_wall_ms = 60'000;
  std::int64_t grace_ms = 5'000;  ///< from the request to stop to the kill
};

class WorkerProcess final : public Encoder {
 public:
  WorkerProcess(WorkerOptions options, Spawner& spawner, const Clock& clock, const Log& log,
                Metrics& metrics);

  Json probe(int source_fd) override;
  void run(const Task& task, const TaskEvents& events, const std::atomic<bool>& cancelled) override;

  /// What the sandbox's own test says (reeld-worker --self-test):
  /// {"ok":bool,"layers":{...},"refused":
  /// {...},"attempts":[...]}, or {"ok":false,"error":"..."} if it could not be entered. For
  /// --check-config and /readyz; takes a tenth of a second. Throws Error UNAVAILABLE if the child
  /// said nothing of the kind.
  Json selfTest();

 private:
  WorkerOrder order(WorkerTask task) const;

  WorkerOptions options_;
  Spawner& spawner_;
  const Clock& clock_;
  const Log& log_;
  Counter& violations_;
};

}  // namespace reeld::processing
