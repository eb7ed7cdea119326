// One running reeld-worker: its pipes, its end. Destroyed while it runs, it is killed and reaped.
#pragma once
#include "base/clock.h"
#include "base/file_descriptor.h"
#include "processing/spawner.h"

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace reeld::processing {

class RunningWorker {
 public:
  /// `mode` is the worker's argument. The order and the given descriptors take the places of
  /// WorkerOrder.
  RunningWorker(Spawner& spawner, const std::string& worker_path, const std::string& mode,
                const std::string& order, int output_fd, const std::vector<int>& inputs);
  ~RunningWorker();
  RunningWorker(const RunningWorker&) = delete;
  RunningWorker& operator=(const RunningWorker&) = delete;

  /// Waits up to the time for output of either pipe. Gives event bytes to the callback; false once
  /// the event pipe has ended.
  bool listen(int timeout_ms, const std::function<void(std::string_view)>& events);

  void askToStop() noexcept;
  void kill() noexcept;
  /// Its status as waitpid gives it; kills it if it does not end by itself within the time.
  int reap(std::int64_t grace_ms, const Clock& clock);

  /// The end of what it printed, at most 8 KiB.
  const std::string& complaints() const noexcept { return complaints_; }

 private:
  void listenToComplaints();

  FileDescriptor events_;
  FileDescriptor output_;
  pid_t pid_ = -1;
  std::string complaints_;
};

}  // namespace reeld::processing
